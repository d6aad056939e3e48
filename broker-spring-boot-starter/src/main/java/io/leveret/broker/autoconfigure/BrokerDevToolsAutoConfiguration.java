package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.devtools.restart.RestartScope;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Keeps the broker while devtools restart the application. What is kept is of our classes alone: no bean of the application, so
 * nothing of a class loader that is gone. The broker is closed when the process ends.
 */
@AutoConfiguration(before = BrokerAutoConfiguration.class)
@ConditionalOnClass(RestartScope.class)
@ConditionalOnBooleanProperty("broker.devtools.keep-running")
@ConditionalOnEmbeddedBroker
@ConditionalOnMissingBean({Broker.class, AmqpServer.class})
@EnableConfigurationProperties({BrokerProperties.class, BrokerDevToolsProperties.class})
public final class BrokerDevToolsAutoConfiguration {

    @Bean
    @RestartScope
    StartedBroker keptBroker(
            BrokerProperties properties, Environment environment, ObjectProvider<BrokerCustomizer> customizers) {
        return StartedBroker.start(
                BrokerStorage::open,
                properties,
                environment,
                customizers.orderedStream().toList());
    }

    @Bean(destroyMethod = "")
    BrokerStorage brokerStorage(StartedBroker keptBroker) {
        return keptBroker.storage();
    }

    @Bean(destroyMethod = "")
    NettyEventLoops brokerEventLoops(StartedBroker keptBroker) {
        return keptBroker.loops();
    }

    @Bean(destroyMethod = "")
    Broker broker(StartedBroker keptBroker) {
        return keptBroker.broker();
    }

    @Bean(destroyMethod = "")
    AmqpServer amqpServer(StartedBroker keptBroker, ApplicationContext context) {
        LocalBrokerPort.publish(context, keptBroker.server());
        return keptBroker.server();
    }
}
