package io.leveret.broker.channel;

import io.leveret.broker.consumer.ChannelWindow;
import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.DeliveryTarget;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.text.Utf8;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as its channel sees it: takes what the queue hands out and writes it to the client as fast as the client reads.
 * Owned by the channel's loop, except for the two methods of {@link DeliveryTarget}, which the queue's loop calls.
 */
final class ChannelConsumer implements DeliveryTarget {
    /** How many messages a queue may hand to a connection before it hears that they were written. */
    static final int CREDIT = 8192;

    private static final int MAX_HELD_REPLIES = 65_536;
    private static final long MAX_HELD_REPLY_BYTES = 8L << 20;

    private final Channel channel;
    private final ClientConnection connection;
    private final @Nullable QueueRef queue;
    private final @Nullable Consumer consumer;
    private final String tag;
    private final byte[] tagBytes;
    private final boolean local;

    /** Handed out but not written, because the client does not keep up. */
    private final ArrayDeque<Held> held = new ArrayDeque<>(0);

    /** What is held without acknowledgement, in bytes: no queue counts it any more. */
    private long heldBytes;

    private int owedCredit;
    private boolean heldBack;
    private boolean closed;

    private record Held(Message message, long position) {}

    /**
     * @param queue null for a consumer of replies, which has no queue
     */
    ChannelConsumer(
            Channel channel,
            @Nullable QueueRef queue,
            String tag,
            boolean noAck,
            boolean exclusive,
            int priority,
            int prefetch,
            @Nullable ChannelWindow window) {
        this.channel = channel;
        this.connection = channel.connection();
        this.queue = queue;
        this.tag = tag;
        this.tagBytes = shortstr(tag);
        this.local = queue != null && queue.loop() == connection.loop();
        this.consumer = queue == null ? null : new Consumer(this, noAck, exclusive, priority, prefetch, window);
    }

    private static byte[] shortstr(String text) {
        byte[] utf8 = Utf8.encode(text);
        byte[] bytes = new byte[utf8.length + 1];
        bytes[0] = (byte) utf8.length;
        System.arraycopy(utf8, 0, bytes, 1, utf8.length);
        return bytes;
    }

    String tag() {
        return tag;
    }

    @Nullable QueueRef queue() {
        return queue;
    }

    @Nullable Consumer consumer() {
        return consumer;
    }

    /** The queue's side of it; only for a consumer of a queue. */
    Consumer registered() {
        if (consumer == null) {
            throw new IllegalStateException("a consumer of replies has no queue");
        }
        return consumer;
    }

    Channel channel() {
        return channel;
    }

    boolean isNoAck() {
        return consumer == null || consumer.isNoAck();
    }

    @Override
    public void deliver(Message message, long position) {
        if (local) {
            onDeliver(message, position);
        } else {
            connection.handOver(this, message, position);
        }
    }

    @Override
    public void cancelled() {
        if (local) {
            onCancelled();
        } else {
            connection.handOver(this, null, 0);
        }
    }

    /** Writes a message, or holds it until the client reads on. */
    void onDeliver(Message message, long handedOut) {
        if (closed || channel.isClosed()) {
            giveBack(message, handedOut);
            endGiveBack();
            return;
        }
        long position = channel.prefetch().windowed(this, handedOut);
        if (held.isEmpty() && connection.output().isWritable()) {
            channel.write(this, tagBytes, message, position);
            if (local) {
                addLocalCredit();
            } else {
                oweCredit(1);
            }
        } else {
            hold(message, position);
        }
    }

    /** A reply for a requester; at most once, so one that does not read loses replies beyond a bound. */
    void onReply(Message message) {
        if (closed) {
            return;
        }
        if (held.isEmpty() && connection.output().isWritable()) {
            channel.write(this, tagBytes, message, 0);
            connection.flushSoon();
        } else if (held.size() < MAX_HELD_REPLIES && heldBytes + message.memoryBytes() <= MAX_HELD_REPLY_BYTES) {
            hold(message, 0);
        }
    }

    private void countHeld(long bytes) {
        heldBytes += bytes;
        connection.held().add(bytes);
    }

    private void hold(Message message, long position) {
        held.add(new Held(message, position));
        if (isNoAck()) {
            countHeld(message.memoryBytes());
        }
        if (!heldBack) {
            heldBack = true;
            connection.holdBack(this);
        }
    }

    /** Marks what is held as counted in the channel-wide window; returns how much of it was not. */
    int markHeldWindowed() {
        if (isNoAck()) {
            return 0;
        }
        int marked = 0;
        for (int i = held.size(); i > 0; i--) {
            Held next = held.remove();
            if (!Position.isWindowed(next.position)) {
                marked++;
            }
            held.add(new Held(next.message, Position.windowed(next.position)));
        }
        return marked;
    }

    /** Writes what was held while the client keeps up; returns whether all is written. */
    boolean writeHeld() {
        int written = 0;
        Held next;
        while (!channel.isClosed() && connection.output().isWritable() && (next = held.poll()) != null) {
            if (isNoAck()) {
                countHeld(-next.message.memoryBytes());
            }
            channel.write(this, tagBytes, next.message, next.position);
            written++;
        }
        if (written > 0) {
            grantCredit(written);
        }
        heldBack = !held.isEmpty() && !channel.isClosed();
        return !heldBack;
    }

    private void grantCredit(int messages) {
        QueueRef from = queue;
        Consumer to = consumer;
        if (from == null || to == null) {
            return;
        }
        if (local) {
            from.owned().onCredit(to, messages);
        } else {
            oweCredit(messages);
        }
    }

    /** Lets a queue of the own loop begin; one of another loop began right behind its answer. */
    void start() {
        if (local && queue != null && consumer != null) {
            queue.owned().onCredit(consumer, CREDIT);
        }
    }

    /** The queue is gone. */
    void onCancelled() {
        if (!closed) {
            channel.onConsumerCancelled(this);
        }
    }

    /** Ends it: nothing more is written, what was held goes back to the queue as never handed out. */
    void close() {
        closed = true;
        if (held.isEmpty()) {
            return;
        }
        countHeld(-heldBytes);
        Held next;
        while ((next = held.poll()) != null) {
            giveBack(next.message, next.position);
        }
        endGiveBack();
        connection.flushSoon();
    }

    private void giveBack(Message message, long position) {
        if (queue != null && consumer != null) {
            connection.requeue(queue, consumer, message, position, !consumer.isNoAck());
            if (Position.isWindowed(position)) {
                channel.prefetch().release(1);
            }
        }
    }

    private void endGiveBack() {
        if (queue != null) {
            connection.requeued(queue);
        }
    }

    private void addLocalCredit() {
        if (consumer != null) {
            consumer.addCredit(1);
        }
    }

    private void oweCredit(int messages) {
        owedCredit += messages;
        if (owedCredit >= CREDIT / 2 && queue != null && consumer != null) {
            connection.commands(queue.loop()).credit(queue, consumer, owedCredit);
            owedCredit = 0;
            connection.flushSoon();
        }
    }
}
