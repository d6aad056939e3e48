package io.leveret.broker.amqp.raw;

import static org.awaitility.Awaitility.await;

import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.amqp.alarm.AlarmSwitch;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The broker under test: one of ours for each test class, or, with {@code -Dbroker.test.uri=amqp://host:port}, one that
 * runs already. Clients it made are closed after each test.
 */
public final class RawBroker implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final String TEST_URI = "broker.test.uri";
    private static final int OUR_SILENT_CLOSE_DELAY_MILLIS = 300;
    private static final int RABBITMQ_SILENT_CLOSE_DELAY_MILLIS = 3_000;

    private final AtomicInteger names = new AtomicInteger();
    private final List<RawAmqpClient> clients = new ArrayList<>();
    private final AmqpServerConfig config;
    private @Nullable NettyEventLoops loops;
    private @Nullable Broker broker;
    private @Nullable AmqpServer server;
    private @Nullable AlarmSwitch alarms;
    private String host = "127.0.0.1";
    private int port;

    private RawBroker(AmqpServerConfig config) {
        this.config = config;
    }

    public static RawBroker create() {
        return new RawBroker(AmqpServerConfig.loopback(0).withSilentCloseDelayMillis(OUR_SILENT_CLOSE_DELAY_MILLIS));
    }

    /** One of ours that is less patient with slow handshakes; RabbitMQ's ten seconds stay as they are. */
    public static RawBroker withHandshakeTimeoutMillis(int millis) {
        AmqpServerConfig defaults = AmqpServerConfig.loopback(0);
        return new RawBroker(new AmqpServerConfig(
                defaults.address(),
                0,
                defaults.channelMax(),
                defaults.frameMax(),
                defaults.heartbeatSeconds(),
                millis,
                OUR_SILENT_CLOSE_DELAY_MILLIS,
                defaults.serverProperties()));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        String uri = System.getProperty(TEST_URI, "");
        if (!uri.isEmpty()) {
            URI external = URI.create(uri);
            host = external.getHost();
            port = external.getPort();
            return;
        }
        loops = NettyEventLoops.start("raw", 2);
        broker = Broker.start(BrokerConfig.defaults("raw"), loops, new InMemoryDefinitionStore());
        server = AmqpServer.start(broker, loops, config);
        port = server.port();
    }

    /** The broker's alarms, which are off again after the test; without a way to set them off the test is skipped. */
    public AlarmSwitch alarms() {
        if (alarms == null) {
            alarms = AlarmSwitch.of(broker);
        }
        return alarms;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (alarms != null) {
            alarms.allOff();
        }
        releaseAll();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (server != null) {
            server.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (loops != null) {
            loops.close();
        }
    }

    /** A socket, nothing said yet. */
    public RawAmqpClient connect() {
        RawAmqpClient client = RawAmqpClient.open(host, port);
        clients.add(client);
        return client;
    }

    /** An open connection. */
    public RawAmqpClient connection() {
        return connect().handshake();
    }

    public RawAmqpClient connection(Handshake handshake) {
        return connect().handshake(handshake);
    }

    /** An open connection with channel 1 open. */
    public RawAmqpClient channel() {
        return connection().channel(1);
    }

    /** Closes a client whose test needs no more of it, so that long tests do not collect sockets. */
    public void release(RawAmqpClient client) {
        clients.remove(client);
        client.close();
    }

    /** Closes all clients. */
    public void releaseAll() {
        clients.forEach(RawAmqpClient::close);
        clients.clear();
    }

    /** A name no other test has. */
    public String name(String purpose) {
        return "raw-" + purpose + "-" + ProcessHandle.current().pid() + "-" + System.identityHashCode(this) + "-"
                + names.incrementAndGet();
    }

    public int silentCloseDelayMillis() {
        return server == null ? RABBITMQ_SILENT_CLOSE_DELAY_MILLIS : OUR_SILENT_CLOSE_DELAY_MILLIS;
    }

    /** How long a handshake may take. */
    public int handshakeTimeoutMillis() {
        return server == null ? 10_000 : config.handshakeTimeoutMillis();
    }

    /** Waits until no connection is left; an external broker cannot be asked. */
    public void awaitNoConnections() {
        AmqpServer embedded = server;
        if (embedded != null) {
            await("all connections to be gone")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> embedded.connectionCount() == 0);
        }
    }
}
