package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.amqp.TlsConfig;
import java.util.List;
import org.springframework.core.env.Environment;

/**
 * A broker that was started apart from the life of a context.
 *
 * @param parts closes the others
 */
record StartedBroker(
        StartedParts parts, BrokerStorage storage, NettyEventLoops loops, Broker broker, AmqpServer server) {

    /** Starts one, and closes what has been started if that fails. It knows exchange types that are services alone. */
    static StartedBroker start(
            StorageOpening opening,
            BrokerProperties properties,
            Environment environment,
            List<BrokerCustomizer> customizers) {
        StartedParts parts = new StartedParts();
        boolean complete = false;
        try {
            BrokerStorage storage = opening.open(properties, BrokerDataSources.NONE);
            parts.add("brokerStorage", storage, storage::close);
            NettyEventLoops loops = BrokerAutoConfiguration.startLoops(properties, null);
            parts.add("brokerEventLoops", loops, loops::close);
            Broker broker =
                    BrokerAutoConfiguration.start(properties, loops, storage, environment, List.of(), customizers);
            parts.add("broker", broker, broker::close);
            TlsConfig tls = BrokerTls.config(
                    properties.ssl(), name -> BrokerSslBundles.get(BrokerTls.BUNDLE, name, environment));
            AmqpServer server = BrokerAutoConfiguration.listen(broker, loops, properties, tls, customizers);
            parts.add("amqpServer", server, server::close);
            parts.closeAtEnd();
            complete = true;
            return new StartedBroker(parts, storage, loops, broker, server);
        } finally {
            if (!complete) {
                parts.closeAll();
            }
        }
    }
}
