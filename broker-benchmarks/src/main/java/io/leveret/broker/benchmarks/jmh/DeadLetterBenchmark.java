package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.deadletter.DeadLetters;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.relay.Relay;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to send on a message that has died in so many queues before: its headers, routing, the cycle rule. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DeadLetterBenchmark {
    private static final DeadLettering BACK = new DeadLettering("", "target");

    /** How many deaths stand in the message already. */
    @Param({"0", "1", "10", "1000"})
    public int history;

    private final EventLoop loop = new CallerLoop();
    private final LastMessage target = new LastMessage();
    private final Exchange defaultExchange = Exchange.defaultExchange("/", name -> target);
    private final Relay relay = new Relay(List.of(loop), loop, new MemoryInUse(1), null, name -> defaultExchange);
    private final DeadLetters deadLetters = new DeadLetters(List.of(loop), relay, name -> defaultExchange);
    private final QueueRef queue = queue("dying");
    private Message message = Message.of(new byte[] {0, 1, 'q', 0, 0, 1, 2, 3}, 3, 5, false, 0);

    /** Lets the message die as often as it should have. */
    @Setup
    public void die() {
        for (int i = 0; i < history; i++) {
            deadLetters.add(queue("queue number " + i), BACK, message, DeathReason.EXPIRED);
            message = target.last;
        }
    }

    /** One more death, in another queue. */
    @Benchmark
    public Message anotherQueue() {
        deadLetters.add(queue, BACK, message, DeathReason.EXPIRED);
        return target.last;
    }

    private QueueRef queue(String name) {
        return new QueueRef("/", name, false, false, FieldTable.EMPTY, null, loop, new NoHost());
    }

    /** Keeps what it was given last. */
    private static final class LastMessage implements PseudoQueue {
        private Message last = Message.of(new byte[] {0, 0, 0, 0}, 2, 4, false, 0);

        @Override
        public void accept(Message message) {
            last = message;
        }

        @Override
        public String name() {
            return "target";
        }
    }
}
