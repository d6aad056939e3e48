package io.leveret.broker.channel;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a channel in tx mode has put off until commit. Publishes were checked and routed when they came in, as RabbitMQ does
 * since 3.13. Owned by the channel's loop.
 */
final class Transaction {
    private final List<Publish> publishes = new ArrayList<>();
    private final HeldBytes held;
    private long heldBytes;
    final List<Settlement> settlements = new ArrayList<>();
    private @Nullable CompletableFuture<Boolean> committing;
    private int openResults;
    private boolean refused;
    private boolean unstored;

    /** @param held where its publishes count as memory in use */
    Transaction(HeldBytes held) {
        this.held = held;
    }

    void add(Publish publish) {
        publishes.add(publish);
        heldBytes += publish.message.memoryBytes();
        held.add(publish.message.memoryBytes());
    }

    /** Gives its publishes away. */
    List<Publish> takePublishes() {
        List<Publish> taken = List.copyOf(publishes);
        publishes.clear();
        held.add(-heldBytes);
        heldBytes = 0;
        return taken;
    }

    /** @param queues where it goes; with none it is given back if it is mandatory */
    record Publish(Message message, QueueDestination[] queues, boolean mandatory) {}

    /** What becomes of a delivery. */
    enum Outcome {
        SETTLED,
        REJECTED,
        REQUEUED
    }

    record Settlement(
            long tag, QueueRef queue, @Nullable Consumer consumer, Message message, long position, Outcome outcome) {}

    /** The settled deliveries as they were, in the order of their tags. */
    Unacked unsettle() {
        Unacked outstanding = new Unacked();
        settlements.sort(Comparator.comparingLong(Settlement::tag));
        for (Settlement settled : settlements) {
            outstanding.add(settled.tag, settled.queue, settled.consumer, settled.message, settled.position);
        }
        settlements.clear();
        return outstanding;
    }

    /** Completes with whether all queues accepted, once as many as expected have answered. */
    CompletableFuture<Boolean> awaitResults(int results) {
        CompletableFuture<Boolean> all = new CompletableFuture<>();
        openResults = results;
        refused = false;
        unstored = false;
        if (results == 0) {
            all.complete(true);
        } else {
            committing = all;
        }
        return all;
    }

    /** Something of what is being committed could not be stored. */
    void markUnstored() {
        unstored = true;
    }

    boolean isUnstored() {
        return unstored;
    }

    /** Ends the wait for results that nobody takes any more. */
    void abandon() {
        CompletableFuture<Boolean> waiting = committing;
        if (waiting != null) {
            committing = null;
            waiting.completeExceptionally(
                    AmqpError.of(ReplyCode.CHANNEL_ERROR, "channel was closed while its transaction was committed"));
        }
    }

    void onResult(boolean accepted) {
        refused |= !accepted;
        CompletableFuture<Boolean> waiting = committing;
        if (--openResults == 0 && waiting != null) {
            committing = null;
            waiting.complete(!refused);
        }
    }
}
