package io.leveret.broker.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops of the generator: native epoll where there is one, NIO elsewhere. */
public final class Loops implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;
    private final Class<? extends SocketChannel> channelType;

    private Loops(MultiThreadIoEventLoopGroup group, Class<? extends SocketChannel> channelType) {
        this.group = group;
        this.channelType = channelType;
    }

    /** Starts this many daemon threads. */
    public static Loops start(int threads) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        DefaultThreadFactory threadFactory = new DefaultThreadFactory("load", true);
        return new Loops(
                new MultiThreadIoEventLoopGroup(threads, threadFactory, io),
                epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    }

    Bootstrap bootstrap() {
        return new Bootstrap().group(group).channel(channelType);
    }

    /** Stops the threads; connections that are still open are dropped. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
