package io.leveret.broker.autoconfigure.health;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import java.time.Instant;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Adds {@code broker} to the health endpoint. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(AmqpServer.class)
@ConditionalOnEnabledHealthIndicator("broker")
public final class BrokerHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "brokerHealthIndicator")
    BrokerHealthIndicator brokerHealthIndicator(Broker broker, AmqpServer server, ApplicationContext context) {
        return new BrokerHealthIndicator(broker, server, Instant.ofEpochMilli(context.getStartupDate()));
    }
}
