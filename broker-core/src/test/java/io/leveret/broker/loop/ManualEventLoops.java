package io.leveret.broker.loop;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Loops that a test steps; new things go to them in turn. */
public final class ManualEventLoops implements EventLoops {
    private static final int PATIENCE_SECONDS = 60;

    private final Semaphore news = new Semaphore(0);
    private final List<ManualEventLoop> loops;
    private int next;

    /** Loops whose clocks have been set, as they are in a process that starts later. */
    public ManualEventLoops(int count, long nowMillis) {
        this(count);
        loops.forEach(loop -> loop.advance(nowMillis - loop.nowMillis()));
    }

    public ManualEventLoops(int count) {
        loops = IntStream.range(0, count)
                .mapToObj(index -> new ManualEventLoop(index, news::release))
                .toList();
    }

    @Override
    public List<ManualEventLoop> all() {
        return loops;
    }

    @Override
    public EventLoop next() {
        return loops.get(next++ % loops.size());
    }

    public ManualEventLoop get(int index) {
        return loops.get(index);
    }

    /** Steps the loops in turn until none has anything to do. */
    public void runAll() {
        boolean ran = true;
        while (ran) {
            ran = false;
            for (ManualEventLoop loop : loops) {
                ran |= loop.step();
            }
        }
    }

    /** Steps one loop that has something to do, chosen at random; returns whether there was one. */
    public boolean stepAny(Random random) {
        List<ManualEventLoop> busy =
                loops.stream().filter(ManualEventLoop::hasTasks).toList();
        return !busy.isEmpty() && busy.get(random.nextInt(busy.size())).step();
    }

    /** Steps the loops until a future is complete, which another thread may have to do; throws what it failed with. */
    public <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        future.whenComplete((value, error) -> news.release());
        runAll();
        while (!future.isDone()) {
            awaitNews();
            runAll();
        }
        return future.join();
    }

    private void awaitNews() {
        try {
            if (!news.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened for " + PATIENCE_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
