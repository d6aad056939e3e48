package io.leveret.broker.amqp.tls;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.amqp.TlsConfig;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A broker with a listener with TLS, and its clients. */
final class TlsBroker implements AutoCloseable {
    private static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private final NettyEventLoops loops = NettyEventLoops.start("tls", 2);
    private final Broker broker = Broker.start(BrokerConfig.defaults("tls"), loops, new InMemoryDefinitionStore());
    private final List<Connection> connections = new ArrayList<>();
    private final AmqpServer server;

    private TlsBroker(int plainPort, int handshakeTimeoutMillis, TlsConfig tls) throws IOException {
        AmqpServerConfig defaults = AmqpServerConfig.loopback(plainPort);
        AmqpServerConfig config = new AmqpServerConfig(
                defaults.address(),
                plainPort,
                defaults.channelMax(),
                defaults.frameMax(),
                defaults.heartbeatSeconds(),
                handshakeTimeoutMillis,
                100,
                defaults.serverProperties());
        try {
            server = AmqpServer.start(broker, loops, config, tls);
        } catch (IOException | RuntimeException e) {
            broker.close();
            loops.close();
            throw e;
        }
    }

    static TlsBroker with(SslContext context) throws IOException {
        return start(AmqpServer.NO_PORT, new TlsConfig(0, context));
    }

    static TlsBroker start(int plainPort, TlsConfig tls) throws IOException {
        return new TlsBroker(plainPort, HANDSHAKE_TIMEOUT_MILLIS, tls);
    }

    static TlsBroker withHandshakeTimeoutMillis(int millis, SslContext context) throws IOException {
        return new TlsBroker(AmqpServer.NO_PORT, millis, new TlsConfig(0, context));
    }

    AmqpServer server() {
        return server;
    }

    Connection connectPlain() throws IOException, TimeoutException {
        return connect(factory -> factory.setPort(server.port()));
    }

    Connection connect(SSLContext context) throws IOException, TimeoutException {
        return connect(factory -> {
            factory.useSslProtocol(context);
            factory.enableHostnameVerification();
        });
    }

    Connection connectOnNetty(SslContext context) throws IOException, TimeoutException {
        return connect(factory -> LoopbackClient.onNetty(factory).sslContext(context));
    }

    Connection connect(@Nullable SSLContext context, Consumer<ConnectionFactory> settings)
            throws IOException, TimeoutException {
        return connect(factory -> {
            factory.useSslProtocol(context);
            settings.accept(factory);
        });
    }

    private Connection connect(Consumer<ConnectionFactory> settings) throws IOException, TimeoutException {
        ConnectionFactory factory = LoopbackClient.factory(server.tlsPort());
        settings.accept(factory);
        Connection connection = factory.newConnection();
        connections.add(connection);
        return connection;
    }

    void awaitNoConnections() {
        await("all connections to be gone").atMost(Duration.ofSeconds(60)).until(() -> server.connectionCount() == 0);
    }

    @Override
    public void close() {
        connections.forEach(connection -> connection.abort(2_000));
        server.close();
        broker.close();
        loops.close();
    }
}
