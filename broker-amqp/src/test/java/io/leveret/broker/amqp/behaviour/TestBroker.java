package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
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
import java.util.LinkedHashMap;
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
public final class TestBroker implements BeforeEachCallback, AfterEachCallback {
    private static final int CLOSE_TIMEOUT_MILLIS = 2_000;
    private static final Duration UNTIL_RABBITMQ_HAS_SETTLED = Duration.ofMillis(200);

    private final List<Connection> connections = Collections.synchronizedList(new ArrayList<>());
    private final List<String> names = new ArrayList<>();
    private final List<String> users = new ArrayList<>();
    private final Map<String, Undoing> undoings = new LinkedHashMap<>();
    private final Map<Connection, Socket> sockets = new HashMap<>();

    private @Nullable BrokerUnderTest node;
    private @Nullable Connection connection;
    private @Nullable AlarmSwitch alarms;
    private String feature = "";
    private boolean traced;

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
        if (traced) {
            node().trace(false);
        }
        for (String thing : List.copyOf(undoings.keySet())) {
            undo(thing);
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
    public String name() {
        return cleanUp(node().uniqueName(feature));
    }

    /** Has the queue and the exchange of this name deleted after the test. */
    public String cleanUp(String name) {
        names.add(name);
        return name;
    }

    /** The test's first connection. */
    public Connection connection() throws IOException {
        if (connection == null) {
            connection = connect();
        }
        return connection;
    }

    /** Another connection. */
    public Connection connect() throws IOException {
        return connect(factory -> {});
    }

    /** Another connection with other settings. */
    public Connection connect(Consumer<ConnectionFactory> settings) throws IOException {
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
    public ConnectionFactory factory() {
        return node().factory();
    }

    /** Closes the connection's socket as a crash of the client would. */
    public void drop(Connection dropped) throws IOException {
        sockets.get(dropped).close();
    }

    /** The broker's users; without a way to set them up the test is skipped. */
    public Accounts accounts() {
        Accounts accounts = node().accounts();
        Assumptions.assumeTrue(accounts != null, "users cannot be set up: no " + BrokerUnderTest.CTL_PROPERTY);
        return accounts;
    }

    /** Turns the firehose on until the test is over; without a way to do that the test is skipped. */
    public void trace() throws IOException {
        Assumptions.assumeTrue(node().trace(true), "tracing can't be turned on: no " + BrokerUnderTest.CTL_PROPERTY);
        traced = true;
    }

    /** Turns the firehose off. */
    public void traceNoMore() throws IOException {
        node().trace(false);
    }

    /** The broker's alarms, which are off again after the test; without a way to set them off the test is skipped. */
    public AlarmSwitch alarms() {
        if (alarms == null) {
            alarms = node().alarms();
        }
        return alarms;
    }

    /** A new user with these tags, without permissions, whose password is its name. Deleted after the test. */
    public String user(String... tags) throws IOException {
        Accounts accounts = accounts();
        String user = node().uniqueName("user");
        accounts.putUser(user, user, tags);
        users.add(user);
        return user;
    }

    /** What an operator sets; without a way to do that the test is skipped. */
    public Administration administration() {
        Administration administration = node().administration();
        Assumptions.assumeTrue(administration != null, "nothing can be set: no " + BrokerUnderTest.CTL_PROPERTY);
        return administration;
    }

    /** Sets a policy for the one queue or exchange of a name and gives its own name. Deleted after the test. */
    public String policyFor(String target, int priority, Map<String, Object> definition) throws IOException {
        return policy("^" + target + "$", "all", priority, definition);
    }

    /** Sets a policy and gives its name. Deleted after the test. */
    public String policy(String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException {
        String name = node().uniqueName("policy");
        administration().putPolicy(name, pattern, applyTo, priority, definition);
        afterwards(name, () -> administration().clearPolicy(name));
        return name;
    }

    /** Sets an operator policy for the one queue of a name and gives its own name. Deleted after the test. */
    public String operatorPolicyFor(String target, Map<String, Object> definition) throws IOException {
        String name = node().uniqueName("operator");
        administration().putOperatorPolicy(name, "^" + target + "$", "queues", 0, definition);
        afterwards(name, () -> administration().clearOperatorPolicy(name));
        return name;
    }

    /** A new virtual host where guest may do everything. Deleted after the test. */
    public String virtualHost() throws IOException {
        String name = node().uniqueName("vhost");
        putVirtualHost(name);
        afterwards(name, () -> administration().deleteVirtualHost(name));
        return name;
    }

    /** Creates a virtual host where guest may do everything; the test deletes it. */
    public void putVirtualHost(String name) throws IOException {
        administration().putVirtualHost(name);
        administration().putPermission("guest", name, ".*", ".*", ".*");
    }

    /** A name that nothing else has, of something that is not cleaned up. */
    public String uniqueName() {
        return node().uniqueName(feature);
    }

    /** Has a policy, a virtual host or something else undone after the test, unless {@link #undo} does it earlier. */
    public void afterwards(String thing, Undoing undoing) {
        undoings.put(thing, undoing);
    }

    /** Clears a policy, deletes a virtual host, and so on, now. */
    public void undo(String thing) throws IOException {
        undoings.remove(thing).run();
    }

    /** A channel on a new connection of the user. */
    public Channel channelOf(String user) throws IOException {
        return connect(factory -> {
                    factory.setUsername(user);
                    factory.setPassword(user);
                })
                .createChannel();
    }

    /** A new channel on the first connection. */
    public Channel channel() throws IOException {
        return connection().createChannel();
    }

    /** A new channel on a new connection. */
    public Channel channelOnNewConnection() throws IOException {
        return connect().createChannel();
    }

    /** Declares a transient shared queue and gives its name. */
    public String queue(Channel channel) throws IOException {
        return queue(channel, Map.of());
    }

    /** Declares a transient shared queue with arguments and gives its name. */
    public String queue(Channel channel, Map<String, Object> arguments) throws IOException {
        return channel.queueDeclare(name(), false, false, false, arguments).getQueue();
    }

    /** Declares a transient queue bound to the exchange and gives its name. */
    public String queueBoundTo(Channel channel, String exchange, String key) throws IOException {
        String queue = queue(channel);
        channel.queueBind(queue, exchange, key);
        return queue;
    }

    /** Declares a transient exchange and gives its name. */
    public String exchange(Channel channel, String type) throws IOException {
        return exchange(channel, type, Map.of());
    }

    /** Declares a transient exchange with arguments and gives its name. */
    public String exchange(Channel channel, String type, Map<String, Object> arguments) throws IOException {
        String exchange = name();
        channel.exchangeDeclare(exchange, type, false, false, arguments);
        return exchange;
    }

    /** Publishes each body to the queue through the default exchange. */
    public static void publish(Channel channel, String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            channel.basicPublish("", queue, null, bytes(body));
        }
    }

    /**
     * Waits until the queue has this many ready messages.
     *
     * <p>RabbitMQ's queues answer a declare before they take what was published earlier on the same channel, each
     * message one by one; so with RabbitMQ the number counts only once it has stayed the same for a while.
     */
    public static void awaitReady(Channel channel, String queue, int messages) {
        await("ready messages")
                .pollDelay(Duration.ZERO)
                .during(BrokerUnderTest.isAnother() ? UNTIL_RABBITMQ_HAS_SETTLED : Duration.ZERO)
                .untilAsserted(() -> assertThat(channel.messageCount(queue)).isEqualTo(messages));
    }

    /** Waits until a message of that time to live has expired, by the broker's clock. */
    public void awaitThatPass(long millis) throws IOException {
        Channel channel = channel();
        String queue = queue(channel);
        Confirms confirms = Confirms.select(channel);
        channel.basicPublish(
                "",
                queue,
                new AMQP.BasicProperties.Builder().expiration("" + millis).build(),
                bytes("tick"));
        confirms.awaitAcked(1);
        awaitReady(channel, queue, 0);
    }

    /** Takes all that is ready in the queue, in order. */
    public static List<String> drain(Channel channel, String queue) throws IOException {
        List<String> bodies = new ArrayList<>();
        for (var got = channel.basicGet(queue, true); got != null; got = channel.basicGet(queue, true)) {
            bodies.add(text(got.getBody()));
        }
        return bodies;
    }

    /** Whether the queue exists, asked on a channel of its own. */
    public static boolean queueExists(Connection connection, String queue) throws IOException {
        return declaresPassively(connection, channel -> channel.queueDeclarePassive(queue));
    }

    /** Whether the exchange exists, asked on a channel of its own. */
    public static boolean exchangeExists(Connection connection, String exchange) throws IOException {
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

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private BrokerUnderTest node() {
        if (node == null) {
            throw new IllegalStateException("no test is running");
        }
        return node;
    }

    /** Something done after a test. */
    @FunctionalInterface
    public interface Undoing {
        void run() throws IOException;
    }

    /** Something done with a channel. */
    @FunctionalInterface
    public interface ChannelAction {
        void on(Channel channel) throws IOException;
    }
}
