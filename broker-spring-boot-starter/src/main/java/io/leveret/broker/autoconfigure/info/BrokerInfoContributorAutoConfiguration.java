package io.leveret.broker.autoconfigure.info;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds {@code broker} to the info endpoint where {@code management.info.broker.enabled} is true. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBean(AmqpServer.class)
@ConditionalOnEnabledInfoContributor(value = "broker", fallback = InfoContributorFallback.DISABLE)
public final class BrokerInfoContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    BrokerInfoContributor brokerInfoContributor(Broker broker, AmqpServer server) {
        return new BrokerInfoContributor(broker, server);
    }
}
