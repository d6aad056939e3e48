package io.leveret.broker.autoconfigure.observation;

import io.leveret.broker.Broker;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Observes what clients publish, where that is asked for: each message costs an observation. */
@AutoConfiguration(
        after = BrokerAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({Broker.class, ObservationRegistry.class})
@ConditionalOnBooleanProperty("broker.observation.enabled")
public final class BrokerObservationAutoConfiguration {

    @Bean
    BrokerPublishObservations brokerPublishObservations(
            Broker broker,
            ObservationRegistry registry,
            ObjectProvider<BrokerPublishObservationConvention> convention) {
        return new BrokerPublishObservations(broker, registry, convention.getIfAvailable());
    }
}
