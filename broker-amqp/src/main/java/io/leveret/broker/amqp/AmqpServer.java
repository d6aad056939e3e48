package io.leveret.broker.amqp;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.sasl.SaslMechanisms;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The AMQP 0-9-1 listeners of a broker: a plain one, one with TLS, or both. Its methods may be called by any thread but an
 * event loop.
 */
public final class AmqpServer implements AutoCloseable {
    /** In place of a port: there is no such listener. */
    public static final int NO_PORT = -1;

    private static final int BACKLOG = 4096;
    private static final int LOW_WATER = 128 * 1024;
    private static final int HIGH_WATER = 512 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** For loops to notice that sockets were closed. */
    private static final Duration GIVE_UP_TIMEOUT = Duration.ofSeconds(2);

    private final ServerContext context;
    private final @Nullable TlsContext tls;
    private final List<io.netty.channel.Channel> listeners = new ArrayList<>(2);
    private int port = NO_PORT;
    private int tlsPort = NO_PORT;

    private AmqpServer(ServerContext context, @Nullable TlsContext tls) {
        this.context = context;
        this.tls = tls;
    }

    /** The same without TLS. */
    public static AmqpServer start(Broker broker, NettyEventLoops loops, AmqpServerConfig config)
            throws ListenException {
        return start(broker, loops, config, null);
    }

    /**
     * Binds and listens; a client can connect when it returns.
     *
     * @param config its port may be {@link #NO_PORT}
     * @param tls the listener with TLS, on the same address; null for none
     * @throws ListenException when a port cannot be bound; nothing listens then
     * @throws IllegalArgumentException when there is neither a plain port nor one with TLS
     */
    public static AmqpServer start(
            Broker broker, NettyEventLoops loops, AmqpServerConfig config, @Nullable TlsConfig tls)
            throws ListenException {
        if (config.port() == NO_PORT && tls == null) {
            throw new IllegalArgumentException("neither a plain port nor one with TLS");
        }
        ServerContext context = new ServerContext(
                broker,
                loops,
                config,
                SaslMechanisms.of(broker.config(), broker.users()),
                ServerProperties.of(broker.config().name(), config.serverProperties()),
                new ConnectionRegistry());
        AmqpServer server = new AmqpServer(context, tls == null ? null : new TlsContext(tls.context()));
        try {
            if (config.port() != NO_PORT) {
                server.port = server.listen(config.port(), null);
            }
            if (tls != null) {
                server.tlsPort = server.listen(tls.port(), server.tls);
            }
            return server;
        } catch (ListenException failed) {
            server.close();
            throw failed;
        }
    }

    private int listen(int wanted, @Nullable TlsContext secured) throws ListenException {
        var bound = new ServerBootstrap()
                .group(context.loops().group())
                .channel(context.loops().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        if (secured != null) {
                            socket.pipeline().addLast(secured.newHandler(socket.alloc()));
                        }
                        socket.pipeline().addLast(new AmqpConnection(context, socket));
                    }
                })
                .bind(context.config().address(), wanted)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ListenException(wanted, secured != null, bound.cause());
        }
        listeners.add(bound.channel());
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /** The port it listens on, or listened on, without TLS; {@link #NO_PORT} if it does not. */
    public int port() {
        return port;
    }

    /** The address it listens on, or listened on; the wildcard address for all of them. */
    public InetAddress address() {
        return context.config().address();
    }

    /** The port it listens on, or listened on, with TLS; {@link #NO_PORT} if it does not. */
    public int tlsPort() {
        return tlsPort;
    }

    /**
     * Uses another context for the TLS handshakes that begin from now on; connections that are there keep theirs.
     *
     * @throws IllegalStateException when there is no listener with TLS
     */
    public void replaceTlsContext(SslContext replacement) {
        if (tls == null) {
            throw new IllegalStateException("there is no listener with TLS");
        }
        tls.replace(replacement);
    }

    /** Whether clients can connect; false once it drains or was closed. */
    public boolean isListening() {
        for (io.netty.channel.Channel listener : listeners) {
            if (!listener.isOpen()) {
                return false;
            }
        }
        return true;
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
        for (io.netty.channel.Channel listener : listeners) {
            listener.close().awaitUninterruptibly();
        }
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
