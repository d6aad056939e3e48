package io.leveret.broker.benchmarks.capacity;

import io.leveret.broker.benchmarks.load.ContentListener;
import io.leveret.broker.benchmarks.load.Frames;
import io.leveret.broker.benchmarks.load.RawConnection;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Fills a queue whose only consumer has stopped reading its socket, then lets it read again until all is there. While it
 * does not read, the broker may hold no more than a bounded part of the queue in that connection's buffers.
 */
@Command(name = "Backlog", description = "Fills a queue whose consumer has stopped reading, then lets it drain.")
final class Backlog extends CapacityProgram {
    private static final String QUEUE = "capacity-backlog";
    private static final int LARGEST_BODY = 4000;
    private static final int STRIDE = 500;
    private static final int STRIDES_OPEN = 8;
    private static final int POLL_MILLIS = 20;
    private static final long IDLE_NANOS = 30_000_000_000L;

    @Option(names = "--count", description = "messages (default: ${DEFAULT-VALUE})")
    private int count = 2_000_000;

    @Option(names = "--size", description = "bytes of a body, at least 8 (default: ${DEFAULT-VALUE})")
    private int size = 16;

    @Option(names = "--persistent", description = "persistent messages on a durable queue")
    private boolean persistent;

    public static void main(String[] arguments) {
        execute(new Backlog(), arguments);
    }

    @Override
    void run(Run run) throws IOException, InterruptedException {
        if (size > LARGEST_BODY) {
            throw new IOException("--size " + size + " does not fit one frame, at most " + LARGEST_BODY);
        }
        RawConnection publisher = run.connect(ContentListener.NONE);
        publisher.ask(out -> Frames.queueDelete(out, Run.CHANNEL, QUEUE, false));
        publisher.ask(out -> Frames.queueDeclare(out, Run.CHANNEL, QUEUE, persistent, false, Map.of()));
        Received received = new Received();
        RawConnection consumer = run.connect(received);
        consumer.ask(out -> Frames.consume(out, Run.CHANNEL, QUEUE, "stopped", true, false));
        consumer.channel().config().setAutoRead(false);

        run.begin();
        fill(publisher);
        run.end("messages behind a stopped consumer", count);

        run.begin();
        consumer.channel().config().setAutoRead(true);
        awaitAll(consumer, received);
        run.end("messages drained", count);
        if (received.disordered.get() != 0) {
            throw new IOException(received.disordered + " messages came out of order");
        }
        RawConnection.await(consumer.close());
        publisher.ask(out -> Frames.queueDelete(out, Run.CHANNEL, QUEUE, false));
        RawConnection.await(publisher.close());
    }

    /** Each run of publishes ends with a question on the same channel, whose answer says that the run has arrived. */
    private void fill(RawConnection publisher) throws IOException, InterruptedException {
        Semaphore open = new Semaphore(STRIDES_OPEN);
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        byte[] body = new byte[Math.max(Long.BYTES, size)];
        for (int from = 0; from < count; from += STRIDE) {
            open.acquire();
            int first = from;
            int end = Math.min(count, from + STRIDE);
            last = publisher
                    .call(out -> {
                        for (int i = first; i < end; i++) {
                            int index =
                                    Frames.publish(out, Run.CHANNEL, "", QUEUE, persistent, body, publisher.frameMax());
                            out.setLong(index, i);
                        }
                        Frames.queueDeclarePassive(out, Run.CHANNEL, QUEUE);
                    })
                    .whenComplete((reply, cause) -> open.release());
            if (publisher.closed().isDone()) {
                RawConnection.await(publisher.closed());
            }
        }
        RawConnection.await(last);
    }

    private void awaitAll(RawConnection consumer, Received received) throws IOException, InterruptedException {
        long before = -1;
        long lastChange = System.nanoTime();
        while (received.count.get() < count) {
            Thread.sleep(POLL_MILLIS);
            if (consumer.closed().isDone()) {
                RawConnection.await(consumer.closed());
            }
            if (received.count.get() != before) {
                before = received.count.get();
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > IDLE_NANOS) {
                throw new IOException("received " + before + " of " + count + " and no more for 30 s");
            }
        }
    }

    /** Counts messages and those whose number is not the next. Owned by the connection's loop. */
    private static final class Received implements ContentListener {
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong disordered = new AtomicLong();
        private long next;

        @Override
        public void onBody(ByteBuf in, int index, int length) {
            if (in.getLong(index) != next) {
                disordered.incrementAndGet();
            }
            next++;
        }

        @Override
        public void onReadComplete() {
            count.lazySet(next);
        }
    }
}
