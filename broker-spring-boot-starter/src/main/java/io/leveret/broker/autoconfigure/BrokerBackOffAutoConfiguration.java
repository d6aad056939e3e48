package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.AmqpServer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Says why there is no broker, where the application has not asked for that itself. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "broker.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(AmqpServer.class)
public final class BrokerBackOffAutoConfiguration {

    @Bean
    BrokerBackOffLog brokerBackOffLog(ConfigurableApplicationContext context) {
        return new BrokerBackOffLog(context);
    }
}
