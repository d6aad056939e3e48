package io.leveret.broker.benchmarks.load;

import io.netty.channel.Channel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes on one connection as fast as the socket, the confirm window and the rate let it.
 *
 * <p>Owned by the connection's event loop; the counters may be read from anywhere.
 */
final class Producer implements ContentListener {
    private static final int CHANNEL = 1;
    private static final int BATCH = 64;
    private static final int BATCH_BYTES = 64 * 1024;
    /** So many batches are written before the loop gets to read again. */
    private static final int BATCHES_PER_TURN = 8;

    private static final long RATE_TICK_MICROS = 1000;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong nacked = new AtomicLong();
    private final AtomicLong returned = new AtomicLong();
    private final LatencyRecorder confirmLatency = new LatencyRecorder();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final LoadOptions options;
    private final List<String> routingKeys;
    private final long limit;
    private final @Nullable ConfirmWindow window;

    private RawConnection connection;
    private Channel channel;
    private PublishBatch batch;
    private int position;
    private long startNanos;
    private boolean pumpScheduled;
    private boolean stopped;

    /** A producer that stops by itself after {@code limit} publishes. */
    @SuppressWarnings("NullAway.Init") // prepare comes before everything else
    Producer(LoadOptions options, List<String> routingKeys, long limit) {
        this.options = options;
        this.routingKeys = routingKeys;
        this.limit = limit;
        this.window = options.confirm > 0 ? new ConfirmWindow(options.confirm) : null;
    }

    /** Opens the channel and gets the batch ready. Any thread; {@link #start} may be called when it completes. */
    CompletableFuture<Reply> prepare(RawConnection open) {
        connection = open;
        channel = open.channel();
        int count = Math.max(Math.max(1, Math.min(BATCH, BATCH_BYTES / (options.size + 64))), routingKeys.size());
        batch = PublishBatch.encode(
                CHANNEL, options.exchange(), routingKeys, options.persistent, options.size, open.frameMax(), count);
        CompletableFuture<Reply> opened = open.call(out -> Frames.channelOpen(out, CHANNEL));
        return window == null ? opened : open.call(out -> Frames.confirmSelect(out, CHANNEL));
    }

    /** Any thread. */
    void start() {
        channel.eventLoop().execute(() -> {
            startNanos = System.nanoTime();
            pump();
            if (options.rate > 0) {
                channel.eventLoop()
                        .scheduleAtFixedRate(this::pump, RATE_TICK_MICROS, RATE_TICK_MICROS, TimeUnit.MICROSECONDS);
            }
        });
    }

    /** Publishes nothing more. Any thread. */
    void stop() {
        channel.eventLoop().execute(() -> {
            stopped = true;
            batch.release();
        });
    }

    /** Completes when all of the limit is published, and with confirms when all is confirmed. */
    CompletableFuture<Void> done() {
        return done;
    }

    RawConnection connection() {
        return connection;
    }

    long sent() {
        return sent.get();
    }

    long confirmed() {
        return confirmed.get();
    }

    long nacked() {
        return nacked.get();
    }

    long returned() {
        return returned.get();
    }

    LatencyRecorder confirmLatency() {
        return confirmLatency;
    }

    @Override
    public void onConfirm(long deliveryTag, boolean multiple, boolean nack) {
        ConfirmWindow open = Objects.requireNonNull(window, "the server confirms without having been asked to");
        long sentNanos = open.confirm(deliveryTag, multiple);
        if (sentNanos >= 0) {
            confirmLatency.record(System.nanoTime() - sentNanos);
        }
        if (nack) {
            nacked.lazySet(nacked.get() + 1);
        }
    }

    @Override
    public void onReturn() {
        returned.lazySet(returned.get() + 1);
    }

    @Override
    public void onReadComplete() {
        if (window == null || startNanos == 0) {
            return;
        }
        confirmed.lazySet(window.total());
        pump();
        completeWhenDone();
    }

    @Override
    public void onWritable() {
        if (startNanos != 0) {
            pump();
        }
    }

    private void pump() {
        int batches = 0;
        while (batches < BATCHES_PER_TURN && publishSome()) {
            batches++;
        }
        if (batches > 0) {
            channel.flush();
        }
        if (batches == BATCHES_PER_TURN && !pumpScheduled) {
            pumpScheduled = true;
            channel.eventLoop().execute(this::pumpAgain);
        }
        completeWhenDone();
    }

    private void pumpAgain() {
        pumpScheduled = false;
        pump();
    }

    private boolean publishSome() {
        if (stopped || !channel.isWritable()) {
            return false;
        }
        long now = System.nanoTime();
        int count = (int) Math.min(batch.size() - position, allowed(now));
        if (count <= 0) {
            return false;
        }
        channel.write(batch.take(position, position + count, now), channel.voidPromise());
        position = (position + count) % batch.size();
        if (window != null) {
            window.sent(count, now);
        }
        sent.lazySet(sent.get() + count);
        return true;
    }

    private long allowed(long now) {
        long allowed = limit - sent.get();
        if (window != null) {
            allowed = Math.min(allowed, window.room());
        }
        if (options.rate > 0) {
            long due = (long) ((now - startNanos) / 1e9 * options.rate);
            allowed = Math.min(allowed, due - sent.get());
        }
        return allowed;
    }

    private void completeWhenDone() {
        if (sent.get() >= limit && (window == null || window.open() == 0)) {
            done.complete(null);
        }
    }
}
