package io.leveret.broker.test.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.test.client.BrokerTestClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Lets tests look into the embedded broker of their context. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnBean(Broker.class)
public final class BrokerTestClientAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    BrokerTestClient brokerTestClient(Broker broker) {
        return new BrokerTestClient(broker);
    }
}
