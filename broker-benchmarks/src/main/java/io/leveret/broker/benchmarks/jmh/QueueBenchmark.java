package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.DeliveryTarget;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.QueueRef;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
    private final Message[] prioritised = prioritised();
    private final ClassicQueue tenLevels = newQueue("x-max-priority", 9);
    private final ClassicQueue expiring = newQueue("x-message-ttl", 3_600_000);
    private final Consumer drainingLevels = new Consumer(noAckTarget, true, false, 0, 0, null);
    private final Consumer drainingExpiring = new Consumer(noAckTarget, true, false, 0, 0, null);

    /** Attaches the consumers. */
    public QueueBenchmark() {
        waitedFor.onConsume(waiting);
        filled.onConsume(draining);
        acked.onConsume(acking);
        tenLevels.onConsume(drainingLevels);
        expiring.onConsume(drainingExpiring);
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

    /** The same with ten priorities in no order. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long gatherAndHandOutTenLevels() {
        for (int i = 0; i < BATCH; i++) {
            tenLevels.onEnqueue(prioritised[i]);
        }
        tenLevels.onCredit(drainingLevels, BATCH);
        return noAckTarget.position;
    }

    /** Ten priorities, each message taken before the next one but one comes, so that levels become empty all the time. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long takeTurnsTenLevels() {
        return takeTurns(tenLevels, drainingLevels);
    }

    /** The same without priorities. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long takeTurns() {
        return takeTurns(filled, draining);
    }

    private long takeTurns(ClassicQueue queue, Consumer consumer) {
        queue.onEnqueue(prioritised[0]);
        for (int i = 1; i < BATCH; i++) {
            queue.onEnqueue(prioritised[i]);
            queue.onCredit(consumer, 1);
        }
        queue.onCredit(consumer, 1);
        return noAckTarget.position;
    }

    /** Messages gather with a time to live that is never over. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long gatherAndHandOutExpiring() {
        for (int i = 0; i < BATCH; i++) {
            expiring.onEnqueue(message);
        }
        expiring.onCredit(drainingExpiring, BATCH);
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

    private static Message[] prioritised() {
        Random random = new Random(1);
        return IntStream.range(0, BATCH)
                .mapToObj(i -> Message.of(new byte[] {0, 1, 'q', 0, 0, 1, 2, 3}, 3, 5, false, random.nextInt(10)))
                .toArray(Message[]::new);
    }

    private static ClassicQueue newQueue() {
        return newQueue(FieldTable.EMPTY);
    }

    private static ClassicQueue newQueue(String argument, int value) {
        return newQueue(FieldTable.builder().put(argument, FieldValue.of(value)).build());
    }

    private static ClassicQueue newQueue(FieldTable arguments) {
        return new QueueRef("/", "q", false, false, arguments, null, new CallerLoop(), new NoHost()).owned();
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
