package io.leveret.broker.autoconfigure.metrics;

import io.leveret.broker.Broker;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Adds the broker's meters to the meter registries there are. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(Broker.class)
@EnableConfigurationProperties(BrokerMetricsProperties.class)
public final class BrokerMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    BrokerMetrics brokerMetrics(Broker broker, BrokerMetricsProperties properties) {
        return new BrokerMetrics(broker, properties.pattern());
    }
}
