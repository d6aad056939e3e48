package io.leveret.broker.autoconfigure.observation;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * One message that a client publishes, from the moment the broker has it until it was handed to its queues or refused. Tracers
 * find the publisher's span in its headers. The headers go on to consumers as they are; so the broker's span is beside that of
 * the consumer, not above it.
 */
public final class BrokerPublishContext extends ReceiverContext<FieldTable> {
    private final String broker;
    private final String virtualHost;
    private final String exchange;
    private final String routingKey;
    private int queues;

    BrokerPublishContext(String broker, String virtualHost, String exchange, String routingKey, FieldTable headers) {
        super(BrokerPublishContext::text, Kind.SERVER);
        this.broker = broker;
        this.virtualHost = virtualHost;
        this.exchange = exchange;
        this.routingKey = routingKey;
        setCarrier(headers);
    }

    private static @Nullable String text(FieldTable headers, String key) {
        FieldValue value = headers.get(key);
        return value != null && value.isLongString() ? value.asString() : null;
    }

    /** The name of the broker. */
    public String broker() {
        return broker;
    }

    public String virtualHost() {
        return virtualHost;
    }

    /** The exchange that the client named, whether there is one or not; empty for the default exchange. */
    public String exchange() {
        return exchange;
    }

    public String routingKey() {
        return routingKey;
    }

    /** How many queues got it; known when it was routed. */
    public int queues() {
        return queues;
    }

    void routedTo(int number) {
        queues = number;
    }
}
