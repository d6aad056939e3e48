package io.leveret.broker.channel;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells queues what became of deliveries. Those of one consumer that are settled one after the other are told as one, and a
 * queue hands out what came back when all of it is there. Owned by the channel's loop.
 */
final class Settlements {
    /** Takes deliveries that are done with. */
    final Unacked.Visitor settle = this::settleOne;

    /** Takes deliveries that were refused for good. */
    final Unacked.Visitor reject = this::rejectOne;

    /** Takes deliveries that go back to their queues, as redelivered. */
    final Unacked.Visitor requeue = this::requeueOne;

    private final ClientConnection connection;
    private final List<QueueRef> requeuedTo = new ArrayList<>(2);
    private @Nullable QueueRef runQueue;
    private @Nullable Consumer runConsumer;
    private int runLength;
    private long runBodyBytes;
    private long runMemoryBytes;
    private int windowed;

    Settlements(ClientConnection connection) {
        this.connection = connection;
    }

    Unacked.Visitor visitor(Transaction.Outcome outcome) {
        return switch (outcome) {
            case SETTLED -> settle;
            case REJECTED -> reject;
            case REQUEUED -> requeue;
        };
    }

    private void settleOne(long tag, QueueRef queue, @Nullable Consumer consumer, Message message, long position) {
        if (runQueue != queue || runConsumer != consumer) {
            endRun();
            runQueue = queue;
            runConsumer = consumer;
        }
        if (message.place() != Message.NOWHERE) {
            connection.acknowledge(queue, message.place());
        }
        runLength++;
        runBodyBytes += message.bodyLength();
        runMemoryBytes += message.memoryBytes();
        count(position);
    }

    private void rejectOne(long tag, QueueRef queue, @Nullable Consumer consumer, Message message, long position) {
        endRun();
        connection.reject(queue, consumer, message);
        count(position);
    }

    private void requeueOne(long tag, QueueRef queue, @Nullable Consumer consumer, Message message, long position) {
        connection.requeue(queue, consumer, message, Position.redelivered(position), true);
        count(position);
        if (!requeuedTo.contains(queue)) {
            requeuedTo.add(queue);
        }
    }

    private void count(long position) {
        if (Position.isWindowed(position)) {
            windowed++;
        }
    }

    private void endRun() {
        QueueRef queue = runQueue;
        if (queue == null) {
            return;
        }
        Consumer consumer = runConsumer;
        int length = runLength;
        runQueue = null;
        runConsumer = null;
        runLength = 0;
        long bodyBytes = runBodyBytes;
        runBodyBytes = 0;
        long memoryBytes = runMemoryBytes;
        runMemoryBytes = 0;
        connection.counts().add(MessageEvent.ACKED, length);
        connection.settle(queue, consumer, length, bodyBytes, memoryBytes);
    }

    /** Ends what was begun; returns how many places of the channel-wide window became free. */
    int end() {
        endRun();
        if (!requeuedTo.isEmpty()) {
            List<QueueRef> queues = List.copyOf(requeuedTo);
            requeuedTo.clear();
            queues.forEach(connection::requeued);
            connection.flushSoon();
        }
        int freed = windowed;
        windowed = 0;
        return freed;
    }
}
