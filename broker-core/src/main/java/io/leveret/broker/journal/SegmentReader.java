package io.leveret.broker.journal;

import io.leveret.broker.loop.Uninterrupted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads messages back, with one thread of its own, for all loops.
 *
 * <p>What many queues wait for lies side by side, because the journal mixes them. So it goes through the segments that
 * anybody needs in ascending order, then begins again, and gives each one to all who need it; and it keeps those it has read
 * last. A store that can't be read is tried again until it can.
 */
final class SegmentReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SegmentReader.class);
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final int CLOSE_SECONDS = 10;
    private static final int PARTS_OF_HEAP = 64;
    private static final long MOST_KEPT_BYTES = 16L << 20;
    private static final int MOST_KEPT = 128;

    private final Journal journal;
    private final BlockingQueue<Runnable> asked = new LinkedTransferQueue<>();
    private final TreeMap<Long, List<BlockRead>> waiting = new TreeMap<>();
    private final ArrayDeque<StoredSegment> recent = new ArrayDeque<>();
    private final long mostKept = Math.min(MOST_KEPT_BYTES, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
    private final Thread thread;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private long kept;
    private long position;
    private volatile boolean closed;

    SegmentReader(String brokerName, Journal journal) {
        this.journal = journal;
        thread = new Thread(this::run, "broker-" + brokerName + "-reader");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes an order; any thread. */
    void read(BlockRead read) {
        asked.add(() -> sort(read));
    }

    private void run() {
        try {
            while (!closed) {
                Runnable order = waiting.isEmpty() ? asked.take() : asked.poll();
                while (order != null) {
                    order.run();
                    order = asked.poll();
                }
                if (!waiting.isEmpty()) {
                    readNext();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.complete(true);
        }
    }

    /** Puts an order where its turn is. */
    private void sort(BlockRead read) {
        if (read.isDone()) {
            read.handOver();
        } else {
            waiting.computeIfAbsent(read.segment(), id -> new ArrayList<>(1)).add(read);
        }
    }

    private void readNext() throws InterruptedException {
        Map.Entry<Long, List<BlockRead>> next = waiting.ceilingEntry(position);
        if (next == null) {
            next = waiting.firstEntry();
        }
        long id = next.getKey();
        position = id;
        waiting.remove(id);
        next.getValue().removeIf(SegmentReader::isGone);
        if (next.getValue().isEmpty()) {
            return;
        }
        StoredSegment segment = find(next.getValue().get(0).place());
        if (closed) {
            return;
        }
        for (BlockRead read : next.getValue()) {
            read.take(segment);
            sort(read);
        }
    }

    private static boolean isGone(BlockRead read) {
        if (read.isDone()) {
            read.handOver();
            return true;
        }
        return false;
    }

    private @Nullable StoredSegment find(long place) throws InterruptedException {
        for (StoredSegment segment : recent) {
            if (segment.mayHave(place)) {
                return segment;
            }
        }
        StoredSegment segment = load(place);
        if (segment != null) {
            keep(segment);
        }
        return segment;
    }

    private void keep(StoredSegment segment) {
        recent.addFirst(segment);
        kept += segment.memoryBytes();
        while (kept > mostKept || recent.size() > MOST_KEPT) {
            kept -= recent.removeLast().memoryBytes();
        }
    }

    private @Nullable StoredSegment load(long place) throws InterruptedException {
        long pauseMillis = 0;
        while (!closed) {
            try {
                return journal.read(place);
            } catch (JournalException e) {
                if (pauseMillis == 0) {
                    log.warn("messages can't be read back, trying again segment={}", Place.segment(place), e);
                }
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, 2 * pauseMillis));
                pause(pauseMillis);
            }
        }
        return null;
    }

    /** Waits, but not when it is to be closed. */
    private void pause(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left;
        while (!closed && (left = until - System.nanoTime()) > 0) {
            Runnable order = asked.poll(left, TimeUnit.NANOSECONDS);
            if (order != null) {
                order.run();
            }
        }
    }

    /** Ends the thread, which is not interrupted: that would close the file of a database. */
    @Override
    public void close() {
        closed = true;
        asked.add(() -> {});
        if (thread.isAlive()) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        try {
            Uninterrupted.get(ended, TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (TimeoutException e) {
            log.warn("a row of the journal is still being read when its store closes");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
