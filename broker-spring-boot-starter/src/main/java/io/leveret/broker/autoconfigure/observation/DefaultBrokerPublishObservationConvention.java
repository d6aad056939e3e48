package io.leveret.broker.autoconfigure.observation;

import io.micrometer.common.KeyValues;

/** What clients choose freely, exchange and routing key, is of high cardinality: in spans but not in meters. */
final class DefaultBrokerPublishObservationConvention implements BrokerPublishObservationConvention {
    @Override
    public String getName() {
        return "broker.publish";
    }

    @Override
    public String getContextualName(BrokerPublishContext context) {
        return (context.exchange().isEmpty() ? "(default)" : context.exchange()) + " publish";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(BrokerPublishContext context) {
        return KeyValues.of("broker", context.broker(), "outcome", outcome(context), "vhost", context.virtualHost());
    }

    private static String outcome(BrokerPublishContext context) {
        if (context.getError() != null) {
            return "refused";
        }
        return context.queues() == 0 ? "unrouted" : "routed";
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(BrokerPublishContext context) {
        return KeyValues.of(
                "exchange",
                context.exchange(),
                "queues",
                String.valueOf(context.queues()),
                "routing.key",
                context.routingKey());
    }
}
