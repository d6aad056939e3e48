package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.DeliveryTarget;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.QueueRef;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the queue itself costs for each message: taking it in and handing it out, without any codec or socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class QueueBenchmark {
    private static final int BATCH = 1000;

    private final Message message = Message.of(new byte[] {0, 1, 'q', 0, 0, 1, 2, 3}, 3, 5, false, 0);
    private final LastDelivery noAckTarget = new LastDelivery();
    private final LastDelivery ackTarget = new LastDelivery();
    private final ClassicQueue waitedFor = newQueue();
    private final ClassicQueue filled = newQueue();
    private final ClassicQueue acked = newQueue();
    private final Consumer waiting = new Consumer(noAckTarget, true, false, 0, 0, null);
    private final Consumer draining = new Consumer(noAckTarget, true, false, 0, 0, null);
    private final Consumer acking = new Consumer(ackTarget, false, false, 0, 0, null);

    /** Attaches the consumers. */
    public QueueBenchmark() {
        waitedFor.onConsume(waiting);
        filled.onConsume(draining);
        acked.onConsume(acking);
    }

    /** A consumer waits for each message. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long handStraightOn() {
        waitedFor.onCredit(waiting, BATCH);
        for (int i = 0; i < BATCH; i++) {
            waitedFor.onEnqueue(message);
        }
        return noAckTarget.position;
    }

    /** Messages gather first and are handed out then. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long gatherAndHandOut() {
        for (int i = 0; i < BATCH; i++) {
            filled.onEnqueue(message);
        }
        filled.onCredit(draining, BATCH);
        return noAckTarget.position;
    }

    /** A consumer waits for each message and acknowledges it by itself. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long handStraightOnAndAck() {
        acked.onCredit(acking, BATCH);
        for (int i = 0; i < BATCH; i++) {
            acked.onEnqueue(message);
            acked.onSettled(acking, 1, message.bodyLength(), message.memoryBytes());
        }
        return ackTarget.position;
    }

    private static ClassicQueue newQueue() {
        return new QueueRef("/", "q", false, false, FieldTable.EMPTY, null, new CallerLoop(), new NoHost()).owned();
    }

    /** Keeps what it was given last, so that nothing is optimised away. */
    private static final class LastDelivery implements DeliveryTarget {
        private long position;

        @Override
        public void deliver(Message delivered, long at) {
            position = at;
        }

        @Override
        public void cancelled() {
            throw new IllegalStateException("nobody deletes the queue of this benchmark");
        }
    }
}
