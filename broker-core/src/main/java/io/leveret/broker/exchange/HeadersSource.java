package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;

/** The headers of the message being routed, parsed no sooner than something asks for them. */
@FunctionalInterface
public interface HeadersSource {
    /** A message without headers. */
    HeadersSource NONE = () -> FieldTable.EMPTY;

    /** The headers, empty when the message has none. Asked on the thread that routes, possibly several times. */
    FieldTable headers();
}
