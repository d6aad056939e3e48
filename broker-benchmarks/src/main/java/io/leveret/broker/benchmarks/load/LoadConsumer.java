package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Consumes on one connection and looks at as little as it can: the delivery tag when it acknowledges, the sending time of
 * one message in {@link #SAMPLE}.
 *
 * <p>Owned by the connection's event loop; the counter may be read from anywhere.
 */
final class LoadConsumer implements ContentListener {
    private static final int CHANNEL = 1;
    /** Of so many messages one has its latency measured; a power of two. */
    private static final int SAMPLE = 16;

    private final AtomicLong received = new AtomicLong();
    private final LatencyRecorder latency = new LatencyRecorder();
    private final LoadOptions options;
    private volatile long firstEpochMillis;

    private RawConnection connection;
    private Channel channel;
    private long count;
    private long remaining;
    private boolean stampDue;
    private long lastTag;
    private int unacked;
    private boolean ackWritten;

    @SuppressWarnings("NullAway.Init") // start comes before everything else
    LoadConsumer(LoadOptions options) {
        this.options = options;
    }

    /** Opens a channel and consumes from the queue. Any thread. */
    CompletableFuture<Reply> start(RawConnection open, String queue) {
        connection = open;
        channel = open.channel();
        CompletableFuture<Reply> opened = open.call(out -> Frames.channelOpen(out, CHANNEL));
        if (options.prefetch > 0) {
            opened = open.call(out -> Frames.qos(out, CHANNEL, options.prefetch));
        }
        return opened.thenCompose(
                ready -> open.call(out -> Frames.consume(out, CHANNEL, queue, "c", options.ack == 0, false)));
    }

    /** Acknowledges what is left of a batch. Any thread. */
    void ackRest() {
        channel.eventLoop().execute(() -> {
            if (unacked > 0) {
                writeAck();
                channel.flush();
            }
        });
    }

    RawConnection connection() {
        return connection;
    }

    long received() {
        return received.get();
    }

    /** When the first message came; 0 before. */
    long firstEpochMillis() {
        return firstEpochMillis;
    }

    LatencyRecorder latency() {
        return latency;
    }

    @Override
    public void onDeliver(ByteBuf in, int index) {
        if (options.ack > 0) {
            lastTag = in.getLong(index + 1 + in.getUnsignedByte(index));
        }
    }

    @Override
    public void onHeader(long bodySize) {
        remaining = bodySize;
        if (bodySize == 0) {
            onMessage();
        } else {
            stampDue = bodySize >= PublishBatch.STAMP_BYTES && (count & SAMPLE - 1) == 0;
        }
    }

    @Override
    public void onBody(ByteBuf in, int index, int length) {
        if (stampDue) {
            stampDue = false;
            latency.record(System.nanoTime() - in.getLong(index));
        }
        remaining -= length;
        if (remaining == 0) {
            onMessage();
        }
    }

    @Override
    public void onReadComplete() {
        received.lazySet(count);
        if (ackWritten) {
            ackWritten = false;
            channel.flush();
        }
    }

    private void onMessage() {
        if (count++ == 0) {
            firstEpochMillis = System.currentTimeMillis();
        }
        if (options.ack > 0 && ++unacked == options.ack) {
            writeAck();
            ackWritten = true;
        }
    }

    private void writeAck() {
        ByteBuf out = channel.alloc().directBuffer(32);
        Frames.ack(out, CHANNEL, lastTag, unacked > 1);
        channel.write(out, channel.voidPromise());
        unacked = 0;
    }
}
