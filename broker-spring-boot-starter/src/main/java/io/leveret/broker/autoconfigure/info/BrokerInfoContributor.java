package io.leveret.broker.autoconfigure.info;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerPorts;
import io.leveret.broker.autoconfigure.BrokerVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Name, version, ports and virtual hosts of the broker. */
final class BrokerInfoContributor implements InfoContributor {
    private final Broker broker;
    private final AmqpServer server;

    BrokerInfoContributor(Broker broker, AmqpServer server) {
        this.broker = broker;
        this.server = server;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", broker.config().name());
        details.put("version", BrokerVersion.current());
        details.put("ports", BrokerPorts.of(server));
        details.put("virtual-hosts", broker.config().virtualHosts());
        builder.withDetail("broker", details);
    }
}
