package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.AmqpServer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** Keeps the TLS listener of a broker up to date with its SSL bundle. */
@AutoConfiguration(after = {BrokerAutoConfiguration.class, SslAutoConfiguration.class})
@ConditionalOnBean({AmqpServer.class, BrokerProperties.class, SslBundles.class})
@ConditionalOnProperty("broker.ssl.bundle")
public final class BrokerSslAutoConfiguration {

    // also in a context whose beans are lazy: nobody else asks for it
    @Bean
    @Lazy(false)
    BrokerTlsReload brokerTlsReload(AmqpServer server, BrokerProperties properties, SslBundles bundles) {
        return BrokerTlsReload.start(server, properties.ssl(), bundles);
    }
}
