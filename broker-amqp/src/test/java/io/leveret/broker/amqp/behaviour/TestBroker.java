package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.amqp.alarm.AlarmSwitch;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test's view of the broker under test: its connections and channels, and names nobody else uses. After the test the
 * connections are closed and whatever bears one of the names is deleted.
 *
 * <p>The broker is {@link BrokerUnderTest}, one for the JVM.
 */
final class TestBroker implements BeforeEachCallback, AfterEachCallback {
    private static final int CLOSE_TIMEOUT_MILLIS = 2_000;

    private final List<Connection> connections = Collections.synchronizedList(new ArrayList<>());
    private final List<String> names = new ArrayList<>();
    private final List<String> users = new ArrayList<>();
    private final Map<Connection, Socket> sockets = new HashMap<>();

    private @Nullable BrokerUnderTest node;
    private @Nullable Connection connection;
    private @Nullable AlarmSwitch alarms;
    private String feature = "";

    @Override
    public void beforeEach(ExtensionContext context) {
        node = BrokerUnderTest.get(context);
        feature = context.getRequiredTestClass().getSimpleName().replace("Tests", "");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (alarms != null) {
            alarms.allOff();
        }
        for (Connection each : connections) {
            each.abort(CLOSE_TIMEOUT_MILLIS);
        }
        for (String user : users) {
            accounts().deleteUser(user);
        }
        if (names.isEmpty()) {
            return;
        }
        Channel channel = node().housekeeping().createChannel();
        for (String name : names) {
            channel.queueDelete(name);
            if (!name.startsWith("amq.")) {
                channel.exchangeDelete(name);
            }
        }
        channel.abort();
    }

    /** A name for a queue or an exchange, short enough to leave every error text below 255 bytes. */
    String name() {
        return cleanUp(node().uniqueName(feature));
    }

    /** Has the queue and the exchange of this name deleted after the test. */
    String cleanUp(String name) {
        names.add(name);
        return name;
    }

    /** The test's first connection. */
    Connection connection() throws IOException {
        if (connection == null) {
            connection = connect();
        }
        return connection;
    }

    /** Another connection. */
    Connection connect() throws IOException {
        return connect(factory -> {});
    }

    /** Another connection with other settings. */
    Connection connect(Consumer<ConnectionFactory> settings) throws IOException {
        ConnectionFactory factory = factory();
        Socket[] socket = new Socket[1];
        factory.setSocketConfigurator(each -> {
            each.setTcpNoDelay(true);
            socket[0] = each;
        });
        settings.accept(factory);
        try {
            Connection opened = factory.newConnection(feature);
            connections.add(opened);
            sockets.put(opened, socket[0]);
            return opened;
        } catch (TimeoutException e) {
            throw new IOException("the broker did not answer in time", e);
        }
    }

    /** Settings of a client of this broker, without automatic recovery. */
    ConnectionFactory factory() {
        return node().factory();
    }

    /** Closes the connection's socket as a crash of the client would. */
    void drop(Connection dropped) throws IOException {
        sockets.get(dropped).close();
    }

    /** The broker's users; without a way to set them up the test is skipped. */
    Accounts accounts() {
        Accounts accounts = node().accounts();
        Assumptions.assumeTrue(accounts != null, "users cannot be set up: no " + BrokerUnderTest.CTL_PROPERTY);
        return accounts;
    }

    /** The broker's alarms, which are off again after the test; without a way to set them off the test is skipped. */
    AlarmSwitch alarms() {
        if (alarms == null) {
            alarms = node().alarms();
        }
        return alarms;
    }

    /** A new user with these tags, without permissions, whose password is its name. Deleted after the test. */
    String user(String... tags) throws IOException {
        Accounts accounts = accounts();
        String user = node().uniqueName("user");
        accounts.putUser(user, user, tags);
        users.add(user);
        return user;
    }

    /** A channel on a new connection of the user. */
    Channel channelOf(String user) throws IOException {
        return connect(factory -> {
                    factory.setUsername(user);
                    factory.setPassword(user);
                })
                .createChannel();
    }

    /** A new channel on the first connection. */
    Channel channel() throws IOException {
        return connection().createChannel();
    }

    /** A new channel on a new connection. */
    Channel channelOnNewConnection() throws IOException {
        return connect().createChannel();
    }

    /** Declares a transient shared queue and gives its name. */
    String queue(Channel channel) throws IOException {
        return queue(channel, Map.of());
    }

    /** Declares a transient shared queue with arguments and gives its name. */
    String queue(Channel channel, Map<String, Object> arguments) throws IOException {
        return channel.queueDeclare(name(), false, false, false, arguments).getQueue();
    }

    /** Declares a transient queue bound to the exchange and gives its name. */
    String queueBoundTo(Channel channel, String exchange, String key) throws IOException {
        String queue = queue(channel);
        channel.queueBind(queue, exchange, key);
        return queue;
    }

    /** Declares a transient exchange and gives its name. */
    String exchange(Channel channel, String type) throws IOException {
        return exchange(channel, type, Map.of());
    }

    /** Declares a transient exchange with arguments and gives its name. */
    String exchange(Channel channel, String type, Map<String, Object> arguments) throws IOException {
        String exchange = name();
        channel.exchangeDeclare(exchange, type, false, false, arguments);
        return exchange;
    }

    /** Publishes each body to the queue through the default exchange. */
    static void publish(Channel channel, String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            channel.basicPublish("", queue, null, bytes(body));
        }
    }

    /** Waits until the queue has this many ready messages: a declare may overtake the publishes before it. */
    static void awaitReady(Channel channel, String queue, int messages) {
        await("ready messages")
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(channel.messageCount(queue)).isEqualTo(messages));
    }

    /** Takes all that is ready in the queue, in order. */
    static List<String> drain(Channel channel, String queue) throws IOException {
        List<String> bodies = new ArrayList<>();
        for (var got = channel.basicGet(queue, true); got != null; got = channel.basicGet(queue, true)) {
            bodies.add(text(got.getBody()));
        }
        return bodies;
    }

    /** Whether the queue exists, asked on a channel of its own. */
    static boolean queueExists(Connection connection, String queue) throws IOException {
        return declaresPassively(connection, channel -> channel.queueDeclarePassive(queue));
    }

    /** Whether the exchange exists, asked on a channel of its own. */
    static boolean exchangeExists(Connection connection, String exchange) throws IOException {
        return declaresPassively(connection, channel -> channel.exchangeDeclarePassive(exchange));
    }

    private static boolean declaresPassively(Connection connection, ChannelAction declare) throws IOException {
        Channel channel = connection.createChannel();
        try {
            declare.on(channel);
        } catch (IOException e) {
            assertThat(e).rootCause().hasMessageContaining("reply-code=404");
            return false;
        }
        channel.abort();
        return true;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private BrokerUnderTest node() {
        if (node == null) {
            throw new IllegalStateException("no test is running");
        }
        return node;
    }

    /** Something done with a channel. */
    @FunctionalInterface
    interface ChannelAction {
        void on(Channel channel) throws IOException;
    }
}
