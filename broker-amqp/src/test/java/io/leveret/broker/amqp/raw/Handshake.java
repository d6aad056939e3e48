package io.leveret.broker.amqp.raw;

import java.util.Map;
import java.util.TreeMap;

/** What a client says until its connection is open. */
public record Handshake(
        Map<String, Object> clientProperties,
        String mechanism,
        byte[] response,
        int channelMax,
        int frameMax,
        int heartbeatSeconds,
        String vhost) {

    /** User guest on virtual host "/" by PLAIN, with the server's limits, all capabilities and no heartbeats. */
    public static Handshake guest() {
        return new Handshake(Map.of(), "PLAIN", plain("guest", "guest"), 2047, 131_072, 0, "/")
                .capabilities(
                        "authentication_failure_close",
                        "basic.nack",
                        "connection.blocked",
                        "consumer_cancel_notify",
                        "publisher_confirms");
    }

    public static byte[] plain(String user, String password) {
        return Wire.utf8("\0" + user + "\0" + password);
    }

    public static byte[] amqplain(String user, String password) {
        return Wire.tableBody(new TreeMap<>(Map.of("LOGIN", user, "PASSWORD", password)));
    }

    public Handshake capabilities(String... names) {
        Map<String, Object> capabilities = new TreeMap<>();
        for (String name : names) {
            capabilities.put(name, true);
        }
        return clientProperties(Map.of("capabilities", capabilities));
    }

    public Handshake clientProperties(Map<String, Object> properties) {
        return new Handshake(properties, mechanism, response, channelMax, frameMax, heartbeatSeconds, vhost);
    }

    public Handshake mechanism(String mechanism, byte... response) {
        return new Handshake(clientProperties, mechanism, response, channelMax, frameMax, heartbeatSeconds, vhost);
    }

    public Handshake credentials(String user, String password) {
        return mechanism("PLAIN", plain(user, password));
    }

    public Handshake tune(int channelMax, int frameMax, int heartbeatSeconds) {
        return new Handshake(clientProperties, mechanism, response, channelMax, frameMax, heartbeatSeconds, vhost);
    }

    public Handshake channelMax(int channelMax) {
        return tune(channelMax, frameMax, heartbeatSeconds);
    }

    public Handshake frameMax(int frameMax) {
        return tune(channelMax, frameMax, heartbeatSeconds);
    }

    public Handshake heartbeat(int seconds) {
        return tune(channelMax, frameMax, seconds);
    }

    public Handshake vhost(String vhost) {
        return new Handshake(clientProperties, mechanism, response, channelMax, frameMax, heartbeatSeconds, vhost);
    }

    public Wire startOk() {
        return Wire.wire()
                .table(clientProperties)
                .shortStr(mechanism)
                .longStr(response)
                .shortStr("en_US");
    }

    public Wire tuneOk() {
        return Wire.wire().shortUint(channelMax).longUint(frameMax).shortUint(heartbeatSeconds);
    }

    public Wire open() {
        return Wire.wire().shortStr(vhost).shortStr("").octet(0);
    }
}
