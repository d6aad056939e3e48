package io.leveret.broker.amqp;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One of Netty's event loops as the broker sees it. */
final class NettyEventLoop implements EventLoop {
    private final io.netty.channel.EventLoop loop;
    private final int index;
    private final TimerWheel timers = new TimerWheel(this);

    NettyEventLoop(io.netty.channel.EventLoop loop, int index) {
        this.loop = loop;
        this.index = index;
    }

    io.netty.channel.EventLoop netty() {
        return loop;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timeout schedule(Runnable task, long delayMillis) {
        ScheduledFuture<?> scheduled = loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
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
