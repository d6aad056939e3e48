package io.leveret.broker.test.time;

import io.leveret.broker.Broker;
import io.leveret.broker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits until a broker has done all that follows from what happened: its loops and its writer of definitions. For one thread. */
final class Quiet {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Broker broker;
    private final ManualClock clock;
    private final List<ManualTimeLoop> loops = new ArrayList<>();

    Quiet(Broker broker, ManualClock clock) {
        this.broker = broker;
        this.clock = clock;
        for (EventLoop loop : broker.loops().all()) {
            if (!(loop instanceof ManualTimeLoop manual) || manual.clock() != clock) {
                throw new IllegalArgumentException("broker " + broker.config().name() + " goes by another clock");
            }
            if (loop.inEventLoop()) {
                throw new IllegalStateException("a thread of the broker cannot wait for the broker");
            }
            loops.add(manual);
        }
    }

    /** A round in which nothing was begun and after which nothing is under way has found the broker at rest. */
    void await() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long before;
        do {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "the broker does not come to rest within " + PATIENCE.toSeconds() + " s: clients keep it busy");
            }
            before = clock.begun();
            round();
        } while (!clock.isIdle() || clock.begun() != before);
    }

    /** Everybody does what they had been given when it was their turn; the loops twice, for what the writer gave them. */
    private void round() {
        try {
            turnOfEachLoop();
            broker.whenChangesAreMade().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            turnOfEachLoop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while time passes", e);
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new IllegalStateException("the broker is closed", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker does not answer", e);
        }
    }

    private void turnOfEachLoop() throws InterruptedException, ExecutionException, TimeoutException {
        for (ManualTimeLoop loop : loops) {
            CompletableFuture<Boolean> turn = new CompletableFuture<>();
            loop.executeUncounted(() -> turn.complete(true));
            turn.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
