package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.AmqpServer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ports a broker listens on, as info and endpoint show them. */
public final class BrokerPorts {
    private BrokerPorts() {}

    /** By protocol: {@code amqp} without TLS, {@code amqps} with it; one that there is not is left out. */
    public static Map<String, Integer> of(AmqpServer server) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        if (server.port() != AmqpServer.NO_PORT) {
            ports.put("amqp", server.port());
        }
        if (server.tlsPort() != AmqpServer.NO_PORT) {
            ports.put("amqps", server.tlsPort());
        }
        return ports;
    }
}
