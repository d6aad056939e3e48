package io.leveret.broker.queue;

import io.leveret.broker.error.AmqpError;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a message that is on disk alone, in the order they asked; one a connection at most, since that takes no other
 * request meanwhile. Owned by the queue's loop.
 */
final class WaitingGets {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);

    record Waiting(boolean noAck, CompletableFuture<@Nullable GetResult> answer) {}

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(Waiting get) {
        waiting.add(get);
    }

    /** Whether the first of them settles its message with the answer. */
    boolean noAck() {
        return waiting.element().noAck;
    }

    /** Answers the first of them; null if nothing is ready. */
    void answer(@Nullable GetResult result) {
        waiting.remove().answer.complete(result);
    }

    /** Tells all that there is no queue any more. */
    void fail(Supplier<AmqpError> error) {
        while (!waiting.isEmpty()) {
            waiting.remove().answer.completeExceptionally(error.get());
        }
    }
}
