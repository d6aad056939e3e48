package io.leveret.broker.autoconfigure;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServerConfig;

/**
 * Changes what the broker is started with, where there is no property for it. All beans of this type are asked, in their order,
 * after the properties were applied and before the broker starts; none is kept afterwards. What they set is not checked as properties
 * are.
 */
@FunctionalInterface
public interface BrokerCustomizer {

    /** Changes the broker's configuration. */
    void customize(BrokerConfig.Builder broker);

    /** Returns what the AMQP listener is to be started with, which is what it is given unless this is overridden. */
    default AmqpServerConfig customizeListener(AmqpServerConfig listener) {
        return listener;
    }
}
