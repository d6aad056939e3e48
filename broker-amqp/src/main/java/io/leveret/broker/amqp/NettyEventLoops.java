package io.leveret.broker.amqp;

import io.leveret.broker.loop.BrokerClock;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The event loops of a broker, on Netty: native epoll where there is one, NIO elsewhere. */
public final class NettyEventLoops implements EventLoops, AutoCloseable {
    private static final int CLOSE_SECONDS = 2;

    private final MultiThreadIoEventLoopGroup group;
    private final List<NettyEventLoop> loops = new ArrayList<>();
    private final List<? extends EventLoop> all;
    private final AtomicInteger turn = new AtomicInteger();

    private NettyEventLoops(MultiThreadIoEventLoopGroup group, @Nullable BrokerClock clock) {
        this.group = group;
        group.forEach(executor -> loops.add(new NettyEventLoop((io.netty.channel.EventLoop) executor, loops.size())));
        this.all = clock == null ? loops : loops.stream().map(clock::on).toList();
    }

    /** Starts daemon threads {@code broker-<name>-io-<n>}, n from 1. */
    public static NettyEventLoops start(String name, int threads) {
        return start(name, threads, null);
    }

    /**
     * The same for a broker that goes by a clock of its own.
     *
     * @param clock null for the time of the machine
     */
    public static NettyEventLoops start(String name, int threads, @Nullable BrokerClock clock) {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        AtomicInteger number = new AtomicInteger();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                threads,
                task -> {
                    Thread thread = new LoopThread(task, "broker-" + name + "-io-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                io);
        return new NettyEventLoops(group, clock);
    }

    /** Lets Netty keep its per-thread buffers in fields of the thread. */
    private static final class LoopThread extends io.netty.util.concurrent.FastThreadLocalThread {
        LoopThread(Runnable task, String name) {
            super(task, name);
        }
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** The loop that Netty gave a connection to; it goes by the time of the machine. */
    NettyEventLoop of(io.netty.channel.EventLoop loop) {
        for (NettyEventLoop candidate : loops) {
            if (candidate.netty() == loop) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("not a loop of this broker");
    }

    @Override
    public List<? extends EventLoop> all() {
        return all;
    }

    @Override
    public EventLoop next() {
        return all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
    }

    /** What Netty's buffers take in the whole process, those that it keeps for later included. */
    @Override
    public long bufferBytes() {
        return Math.max(0, PlatformDependent.usedDirectMemory());
    }

    @Override
    public long maxBufferBytes() {
        return PlatformDependent.maxDirectMemory();
    }

    /** Stops the threads, waiting at most two seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
