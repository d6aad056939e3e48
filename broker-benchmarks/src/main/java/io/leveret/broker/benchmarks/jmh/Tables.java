package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;

/** Field tables as clients send them. */
final class Tables {
    private Tables() {}

    /** The headers of a message that a framework sent: six short strings and numbers. */
    static FieldTable messageHeaders() {
        return FieldTable.builder()
                .put("__TypeId__", FieldValue.of("org.example.orders.OrderPlaced"))
                .put("traceparent", FieldValue.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .put("tenant", FieldValue.of("north"))
                .put("attempt", FieldValue.of(3))
                .put("created", FieldValue.of(1_790_000_000_000L))
                .put("urgent", FieldValue.of(true))
                .build();
    }

    /** Arguments of a queue with a limit, a lifetime and a dead letter exchange. */
    static FieldTable queueArguments() {
        return FieldTable.builder()
                .put("x-message-ttl", FieldValue.of(60_000))
                .put("x-max-length", FieldValue.of(100_000))
                .put("x-dead-letter-exchange", FieldValue.of("orders.dead"))
                .build();
    }
}
