package io.leveret.broker.benchmarks.capacity;

import io.leveret.broker.benchmarks.load.ContentListener;
import io.leveret.broker.benchmarks.load.Frames;
import io.leveret.broker.benchmarks.load.RawConnection;
import io.leveret.broker.benchmarks.load.Reply;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Declares many queues without waiting for each, puts a message into every one, and deletes them. */
@Command(name = "Queues", description = "Declares many queues, puts a message into each, and deletes them.")
final class Queues extends CapacityProgram {
    private static final int STRIDE = 100;

    @Option(names = "--count", description = "queues (default: ${DEFAULT-VALUE})")
    private int count = 20_000;

    @Option(names = "--durable", description = "declare durable queues")
    private boolean durable;

    public static void main(String[] arguments) {
        execute(new Queues(), arguments);
    }

    @Override
    void run(Run run) throws IOException, InterruptedException {
        RawConnection connection = run.connect(ContentListener.NONE);
        run.begin();
        inStrides(
                connection,
                (out, queue, last) -> Frames.queueDeclare(out, Run.CHANNEL, name(queue), durable, !last, Map.of()));
        run.end("queues declared", count);
        run.begin();
        inStrides(connection, (out, queue, last) -> {
            Frames.publish(out, Run.CHANNEL, "", name(queue), false, new byte[16], connection.frameMax());
            if (last) {
                Frames.queueDeclarePassive(out, Run.CHANNEL, name(queue));
            }
        });
        run.end("messages published, one a queue", count);
        checkCounts(connection);
        if (!run.keep()) {
            run.begin();
            inStrides(connection, (out, queue, last) -> Frames.queueDelete(out, Run.CHANNEL, name(queue), !last));
            run.end("queues deleted", count);
        }
        RawConnection.await(connection.close());
    }

    /** Sends a run of queues' frames at a time; the last of each run is answered. */
    private void inStrides(RawConnection connection, QueueFrames frames) throws IOException, InterruptedException {
        for (int from = 0; from < count; from += STRIDE) {
            int first = from;
            int end = Math.min(count, from + STRIDE);
            connection.ask(out -> {
                for (int queue = first; queue < end; queue++) {
                    frames.write(out, queue, queue == end - 1);
                }
            });
        }
    }

    private void checkCounts(RawConnection connection) throws IOException, InterruptedException {
        for (int queue = 0; queue < count; queue += STRIDE) {
            String name = name(queue);
            CompletableFuture<Reply> reply = connection.call(out -> Frames.queueDeclarePassive(out, Run.CHANNEL, name));
            long messages = RawConnection.await(reply).messageCount();
            if (messages != 1) {
                throw new IOException("queue " + name + " holds " + messages + " messages instead of 1");
            }
        }
    }

    private static String name(int queue) {
        return "capacity-queue-" + queue;
    }

    private interface QueueFrames {
        void write(ByteBuf out, int queue, boolean last);
    }
}
