package io.leveret.broker.autoconfigure.metrics;

import io.leveret.broker.autoconfigure.InvalidBrokerPropertyException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the meters.
 *
 * @param queues Regular expression, searched for in the names of queues as in those of policies, for the queues that have meters
 *     of their own. When not set, none has, because each such queue makes eight time series.
 */
@ConfigurationProperties("broker.metrics")
record BrokerMetricsProperties(@Nullable String queues) {
    BrokerMetricsProperties {
        if (queues != null) {
            try {
                Pattern.compile(queues);
            } catch (PatternSyntaxException e) {
                throw new InvalidBrokerPropertyException(
                        "broker.metrics.queues", queues, "a regular expression (" + e.getDescription() + ")", e);
            }
        }
    }

    @Nullable Pattern pattern() {
        return queues == null || queues.isEmpty() ? null : Pattern.compile(queues);
    }
}
