package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** More: {@code behaviour.QueueDeclareTests}, {@code ExclusiveQueueTests}, {@code ExchangeDeclareTests}. */
@Tag("behaviour")
@DisplayName("13.4 Redeclare over durable, exclusive, auto-delete and each argument, from both connections")
class Line04RedeclareTests {
    private static final String EQUAL = "declared";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** The flags of a declaration. */
    record Flags(boolean durable, boolean exclusive, boolean autoDelete) {
        static Stream<Flags> all() {
            return IntStream.range(0, 8).mapToObj(bits -> new Flags((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0));
        }

        void declare(Channel channel, String queue, Map<String, Object> arguments) throws IOException {
            channel.queueDeclare(queue, durable, exclusive, autoDelete, arguments);
        }

        @Override
        public String toString() {
            String text =
                    (durable ? " durable" : "") + (exclusive ? " exclusive" : "") + (autoDelete ? " auto-delete" : "");
            return text.isEmpty() ? "plain" : text.substring(1);
        }
    }

    // ---- flags against flags

    @ParameterizedTest(name = "queue: {0}")
    @MethodSource("flags")
    @DisplayName("every pair of flags, from the same and from another connection, and passively")
    void flagsAgainstFlags(Flags current) throws IOException {
        Connection owner = broker.connection();
        Connection other = broker.connect();
        String queue = broker.name();
        current.declare(owner.createChannel(), queue, Map.of());
        for (Flags received : Flags.all().toList()) {
            for (boolean same : List.of(true, false)) {
                assertThat(outcome(same ? owner : other, channel -> received.declare(channel, queue, Map.of())))
                        .as("declared %s by %s", received, same ? "its connection" : "another")
                        .isEqualTo(expected(queue, current, received, same));
            }
        }
        assertThat(outcome(owner, channel -> channel.queueDeclarePassive(queue)))
                .as("passively by its connection")
                .isEqualTo(EQUAL);
        assertThat(outcome(other, channel -> channel.queueDeclarePassive(queue)))
                .as("passively by another")
                .isEqualTo(current.exclusive ? locked(queue) : EQUAL);
    }

    static Stream<Flags> flags() {
        return Flags.all();
    }

    private static String expected(String queue, Flags current, Flags received, boolean same) {
        if (current.exclusive != received.exclusive || current.exclusive && !same) {
            return locked(queue);
        }
        // An exclusive queue is never durable, so that what was asked makes no difference.
        if (!current.exclusive && current.durable != received.durable) {
            return inequivalent(
                    "durable", queue, "'" + received.durable + "' but current is '" + current.durable + "'");
        }
        if (current.autoDelete != received.autoDelete) {
            return inequivalent(
                    "auto_delete", queue, "'" + received.autoDelete + "' but current is '" + current.autoDelete + "'");
        }
        return EQUAL;
    }

    // ---- arguments, for each kind of queue

    /** An argument with two values and one that is equal to the first despite another type on the wire, if there is. */
    record Argument(String key, Object value, Object same, Object different, String type) {
        @Override
        public String toString() {
            return key;
        }
    }

    static Stream<Arguments> argumentsOfEachQueue() {
        return Stream.of(
                        new Argument("x-message-ttl", 100_000, 100_000L, 200_000, "signedint"),
                        new Argument("x-expires", 300_000, 300_000L, 400_000, "signedint"),
                        new Argument("x-max-length", 10, (byte) 10, 20, "signedint"),
                        new Argument("x-max-length-bytes", 10, (short) 10, 20, "signedint"),
                        new Argument("x-max-priority", 5, (byte) 5, 6, "signedint"),
                        new Argument("x-overflow", "reject-publish", "reject-publish", "drop-head", "longstr"),
                        new Argument("x-dead-letter-exchange", "one", "one", "two", "longstr"),
                        new Argument("x-single-active-consumer", true, true, false, "bool"))
                .flatMap(argument -> Flags.all().map(flags -> arguments(argument, flags)));
    }

    @ParameterizedTest(name = "{0} of queue: {1}")
    @MethodSource("argumentsOfEachQueue")
    @DisplayName("equal, equal of another type, different, missing, added, from the same and from another connection")
    void argument(Argument argument, Flags flags) throws IOException {
        Connection owner = broker.connection();
        Connection other = broker.connect();
        String with = broker.name();
        String without = broker.name();
        flags.declare(owner.createChannel(), with, Map.of(argument.key, argument.value));
        flags.declare(owner.createChannel(), without, Map.of());
        String typed = "the value '" + argument.value + "' of type '" + argument.type + "'";

        for (Connection connection : List.of(owner, other)) {
            boolean locked = flags.exclusive && connection == other;
            assertRedeclared(connection, flags, with, argument.key, argument.value, locked ? locked(with) : EQUAL);
            assertRedeclared(connection, flags, with, argument.key, argument.same, locked ? locked(with) : EQUAL);
            assertRedeclared(
                    connection,
                    flags,
                    with,
                    argument.key,
                    argument.different,
                    locked
                            ? locked(with)
                            : inequivalent(
                                    argument.key,
                                    with,
                                    "'" + argument.different + "' but current is '" + argument.value + "'"));
            assertThat(outcome(connection, channel -> flags.declare(channel, with, Map.of())))
                    .as("without")
                    .isEqualTo(
                            locked ? locked(with) : inequivalent(argument.key, with, "none but current is " + typed));
            assertRedeclared(
                    connection,
                    flags,
                    without,
                    argument.key,
                    argument.value,
                    locked ? locked(without) : inequivalent(argument.key, without, typed + " but current is none"));
        }
    }

    @ParameterizedTest(name = "queue: {0}")
    @MethodSource("flags")
    @DisplayName("a dead letter routing key is compared, the classic type equals none, unknown arguments are ignored")
    void furtherArguments(Flags flags) throws IOException {
        Connection owner = broker.connection();
        String dead = broker.name();
        Map<String, Object> one = Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "one");
        Map<String, Object> two = Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "two");
        flags.declare(owner.createChannel(), dead, one);
        assertThat(outcome(owner, channel -> flags.declare(channel, dead, one))).isEqualTo(EQUAL);
        assertThat(outcome(owner, channel -> flags.declare(channel, dead, two)))
                .isEqualTo(inequivalent("x-dead-letter-routing-key", dead, "'two' but current is 'one'"));

        String plain = broker.name();
        flags.declare(owner.createChannel(), plain, Map.of("x-checklist", 1));
        assertThat(outcome(owner, channel -> flags.declare(channel, plain, Map.of("x-queue-type", "classic"))))
                .isEqualTo(EQUAL);
        assertThat(outcome(owner, channel -> flags.declare(channel, plain, Map.of("x-checklist", 2))))
                .isEqualTo(EQUAL);
    }

    // ---- exchanges

    @ParameterizedTest(name = "durable {0}, auto-delete {1}, internal {2}")
    @MethodSource("exchanges")
    @DisplayName("an exchange's type, flags and alternate exchange")
    void exchange(boolean durable, boolean autoDelete, boolean internal) throws IOException {
        Connection other = broker.connect();
        String exchange = broker.name();
        broker.channel().exchangeDeclare(exchange, "direct", durable, autoDelete, internal, Map.of());
        for (int bits = 0; bits < 8; bits++) {
            boolean d = (bits & 1) != 0;
            boolean a = (bits & 2) != 0;
            boolean i = (bits & 4) != 0;
            String expected = d != durable
                    ? inequivalentExchange("durable", exchange, d, durable)
                    : a != autoDelete
                            ? inequivalentExchange("auto_delete", exchange, a, autoDelete)
                            : i != internal ? inequivalentExchange("internal", exchange, i, internal) : EQUAL;
            assertThat(outcome(other, channel -> channel.exchangeDeclare(exchange, "direct", d, a, i, Map.of())))
                    .as("declared %s %s %s", d, a, i)
                    .isEqualTo(expected);
        }
        assertThat(outcome(
                        other,
                        channel -> channel.exchangeDeclare(exchange, "topic", durable, autoDelete, internal, null)))
                .isEqualTo(inequivalentExchange("type", exchange, "topic", "direct"));
        assertThat(outcome(
                        other,
                        channel -> channel.exchangeDeclare(
                                exchange, "direct", durable, autoDelete, internal, Map.of("alternate-exchange", "ae"))))
                .startsWith(
                        "406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange '" + exchange);
        assertThat(outcome(other, channel -> channel.exchangeDeclarePassive(exchange)))
                .isEqualTo(EQUAL);
    }

    static Stream<Arguments> exchanges() {
        return IntStream.range(0, 8).mapToObj(bits -> arguments((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0));
    }

    private static String inequivalentExchange(String what, String exchange, Object received, Object current) {
        return "406 PRECONDITION_FAILED - inequivalent arg '" + what + "' for exchange '" + exchange
                + "' in vhost '/': received '" + received + "' but current is '" + current + "'";
    }

    // ---- outcomes

    private static void assertRedeclared(
            Connection connection, Flags flags, String queue, String key, Object value, String expected)
            throws IOException {
        assertThat(outcome(connection, channel -> flags.declare(channel, queue, Map.of(key, value))))
                .as("%s=%s", key, value)
                .isEqualTo(expected);
    }

    private static String locked(String queue) {
        return "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '" + queue
                + "' in vhost '/'. It could be originally declared on another connection or the exclusive property value "
                + "does not match that of the original declaration.";
    }

    private static String inequivalent(String what, String queue, String received) {
        return "406 PRECONDITION_FAILED - inequivalent arg '" + what + "' for queue '" + queue
                + "' in vhost '/': received " + received;
    }

    /** {@link #EQUAL}, or the code and text of the channel.close. */
    private static String outcome(Connection connection, TestBroker.ChannelAction declare) throws IOException {
        Channel channel = connection.createChannel();
        try {
            declare.on(channel);
            channel.abort();
            return EQUAL;
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof AMQP.Channel.Close close) {
                return close.getReplyCode() + " " + close.getReplyText();
            }
            throw e;
        }
    }
}
