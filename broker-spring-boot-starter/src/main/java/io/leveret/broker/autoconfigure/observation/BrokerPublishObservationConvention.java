package io.leveret.broker.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names the observation of a message that is published, and says what is known of it. A bean replaces the broker's own one. */
public interface BrokerPublishObservationConvention extends ObservationConvention<BrokerPublishContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof BrokerPublishContext;
    }
}
