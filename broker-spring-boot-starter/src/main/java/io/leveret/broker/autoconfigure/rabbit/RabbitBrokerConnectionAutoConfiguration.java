package io.leveret.broker.autoconfigure.rabbit;

import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.autoconfigure.BrokerProperties;
import io.leveret.broker.autoconfigure.BrokerSslBundles;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/** Gives the embedded broker's address to Spring AMQP, and stops the broker after every connection factory. */
@AutoConfiguration(
        after = BrokerAutoConfiguration.class,
        beforeName = "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration")
@ConditionalOnClass(
        name = {
            "org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails",
            "org.springframework.amqp.rabbit.connection.ConnectionFactory",
            "com.rabbitmq.client.ConnectionFactory"
        })
@ConditionalOnBean(AmqpServer.class)
public final class RabbitBrokerConnectionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(RabbitConnectionDetails.class)
    EmbeddedBrokerConnectionDetails rabbitConnectionDetails(
            Broker broker,
            AmqpServer server,
            ObjectProvider<BrokerProperties> properties,
            ObjectProvider<SslBundles> sslBundles) {
        BrokerProperties settings = properties.getIfAvailable();
        if (settings == null || !settings.ssl().isEnabled() || server.tlsPort() == AmqpServer.NO_PORT) {
            return new EmbeddedBrokerConnectionDetails(
                    broker.config(), BrokerHost.of(server.address()), server.port(), null);
        }
        SslBundles bundles = sslBundles.getIfAvailable();
        SslBundle ofBroker =
                BrokerSslBundles.get("broker.ssl.bundle", settings.ssl().bundle(), bundles);
        return new EmbeddedBrokerConnectionDetails(
                broker.config(),
                BrokerHost.of(server.address(), ofBroker),
                server.tlsPort(),
                ClientTls.bundle(settings.ssl(), bundles));
    }

    // A user's own connection factory does not ask for the details, but must still find the broker up and outlive
    // nothing.
    @Bean
    static SpringConnectionFactoryDependsOnBroker springConnectionFactoryDependsOnBroker() {
        return new SpringConnectionFactoryDependsOnBroker();
    }

    @Bean
    static ClientConnectionFactoryDependsOnBroker clientConnectionFactoryDependsOnBroker() {
        return new ClientConnectionFactoryDependsOnBroker();
    }

    static final class SpringConnectionFactoryDependsOnBroker extends AbstractDependsOnBeanFactoryPostProcessor {
        SpringConnectionFactoryDependsOnBroker() {
            super(org.springframework.amqp.rabbit.connection.ConnectionFactory.class, AmqpServer.class);
        }
    }

    static final class ClientConnectionFactoryDependsOnBroker extends AbstractDependsOnBeanFactoryPostProcessor {
        ClientConnectionFactoryDependsOnBroker() {
            super(ConnectionFactory.class, AmqpServer.class);
        }
    }
}
