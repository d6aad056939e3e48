package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalSegment;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;
import io.leveret.broker.message.Message;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the journal costs for each message of 1 KB, without a disk: on the loop, and with what its thread does beside it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JournalBenchmark {
    private static final int BATCH = 1000;
    private static final long OWNER = 1;

    private final SteppedLoop loop = new SteppedLoop();
    private final Journal journal = Journal.open("jmh", new NoStore(), List.of(loop), new OwnerIds());
    private final LoopJournal part = journal.on(loop);
    private final Message message = Message.of(new byte[1024], 2, 4, true, 0);
    private final long[] places = new long[BATCH];

    /** Lets the thread run. */
    public JournalBenchmark() {
        journal.start();
    }

    /** Ends the thread, which wants to hear from the loop once more. */
    @TearDown
    public void close() {
        Thread stepping = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                loop.step();
                Thread.onSpinWait();
            }
        });
        stepping.start();
        journal.close();
        stepping.interrupt();
    }

    /** A message is acknowledged before it was written. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long appendAndSettleAtOnce() {
        long last = 0;
        for (int i = 0; i < BATCH; i++) {
            last = append();
            part.settle(last);
        }
        loop.step();
        return last;
    }

    /** A message is acknowledged when it has been written; as fast as the thread encodes. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long appendCommitAndSettle() {
        for (int i = 0; i < BATCH; i++) {
            part.settle(places[i]);
            places[i] = append();
        }
        loop.step();
        while (part.isCongested()) {
            loop.step();
            Thread.onSpinWait();
        }
        return places[0];
    }

    private long append() {
        return part.append(OWNER, message, Message.NEVER, true, null, 0).place();
    }

    /** A loop that the benchmark's thread steps. */
    private static final class SteppedLoop implements EventLoop {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final TimerWheel timers = new TimerWheel(this);

        void step() {
            Runnable task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inEventLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public Timeout schedule(Runnable task, long delayMillis) {
            return () -> {};
        }

        @Override
        public long nowMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicMillis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        }

        @Override
        public TimerWheel timers() {
            return timers;
        }
    }

    /** Keeps nothing. */
    private static final class NoStore implements MessageJournal {
        @Override
        public void loadSettlements(SettlementsVisitor visitor) {
            // there are none
        }

        @Override
        public void loadEntries(EntriesVisitor visitor) {
            // there are none
        }

        @Override
        public void commit(JournalChanges changes) {
            // nothing is kept
        }

        @Override
        public @Nullable JournalSegment read(long id) {
            return null;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
