package io.leveret.broker.amqp;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.sasl.SaslMechanisms;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The AMQP 0-9-1 listener of a broker. Its methods may be called by any thread but an event loop. */
public final class AmqpServer implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int LOW_WATER = 128 * 1024;
    private static final int HIGH_WATER = 512 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** For loops to notice that sockets were closed. */
    private static final Duration GIVE_UP_TIMEOUT = Duration.ofSeconds(2);

    private final ServerContext context;
    private final io.netty.channel.Channel listener;
    private final int port;

    private AmqpServer(ServerContext context, io.netty.channel.Channel listener) {
        this.context = context;
        this.listener = listener;
        this.port = ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /**
     * Binds and listens; a client can connect when it returns.
     *
     * @throws IOException when the address cannot be bound ({@link java.net.BindException} when it is taken)
     */
    public static AmqpServer start(Broker broker, NettyEventLoops loops, AmqpServerConfig config) throws IOException {
        ServerContext context = new ServerContext(
                broker,
                loops,
                config,
                SaslMechanisms.of(broker.config(), broker.users()),
                ServerProperties.of(broker.config().name(), config.serverProperties()),
                new ConnectionRegistry());
        var bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        socket.pipeline().addLast(new AmqpConnection(context, socket));
                    }
                })
                .bind(config.address(), config.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw bound.cause() instanceof IOException io ? io : new IOException(bound.cause());
        }
        return new AmqpServer(context, bound.channel());
    }

    /** The port it listens on, or listened on. */
    public int port() {
        return port;
    }

    /** Whether clients can connect; false once it drains or was closed. */
    public boolean isListening() {
        return listener.isOpen();
    }

    /** How many connections are open, or closed but not cleaned up. */
    public int connectionCount() {
        return context.connections().size();
    }

    /**
     * Stops accepting, gives what was received so far its answers, then closes every connection with 320
     * CONNECTION_FORCED and RabbitMQ's shutdown text; returns when all are gone. Those that are not when the time is up are
     * cut off, which takes two seconds more at most.
     */
    public void drain(Duration timeout) {
        listener.close().awaitUninterruptibly();
        for (AmqpConnection connection : context.connections().all()) {
            connection.loop().execute(connection::onShutdown);
        }
        if (!context.connections().awaitNone(timeout)) {
            for (AmqpConnection connection : context.connections().all()) {
                connection.loop().execute(() -> connection.giveUp("the broker stops"));
            }
            // what they had been given goes back to its queues, which have to know that before the broker stops
            context.connections().awaitNone(GIVE_UP_TIMEOUT);
        }
    }

    /** Drains for a short while and stops listening. */
    @Override
    public void close() {
        drain(CLOSE_TIMEOUT);
    }
}
