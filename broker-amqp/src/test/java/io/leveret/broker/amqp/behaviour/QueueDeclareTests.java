package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class QueueDeclareTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void answersWithNameAndNoMessagesAndNoConsumersForNewQueue() throws IOException {
        String queue = broker.name();

        AMQP.Queue.DeclareOk ok = broker.channel().queueDeclare(queue, true, false, false, null);

        assertThat(ok.getQueue()).isEqualTo(queue);
        assertThat(ok.getMessageCount()).isZero();
        assertThat(ok.getConsumerCount()).isZero();
    }

    @Test
    void countsReadyMessagesAndConsumersOfExistingQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");
        channel.basicGet(queue, false);
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.next();
        TestBroker.awaitReady(channel, queue, 1);

        AMQP.Queue.DeclareOk ok = channel.queueDeclare(queue, false, false, false, null);

        assertThat(ok.getMessageCount()).as("ready, not unacked").isOne();
        assertThat(ok.getConsumerCount()).isOne();
    }

    @Test
    void passiveDeclareAnswersWithTheSameCounts() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        TestBroker.awaitReady(channel, queue, 2);

        AMQP.Queue.DeclareOk ok = channel.queueDeclarePassive(queue);

        assertThat(ok.getQueue()).isEqualTo(queue);
        assertThat(ok.getMessageCount()).isEqualTo(2);
        assertThat(ok.getConsumerCount()).isZero();
    }

    @Test
    void passiveDeclareOfMissingQueueClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclarePassive(queue),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                50,
                10);
    }

    @Test
    void passiveDeclareOfEmptyNameIsNotTheLastDeclaredQueue() throws IOException {
        Channel channel = broker.channel();
        broker.queue(channel);

        assertThatChannelCloses(
                channel, () -> channel.queueDeclarePassive(""), 404, "NOT_FOUND - no queue '' in vhost '/'", 50, 10);
    }

    @Test
    void passiveDeclareComparesNeitherFlagsNorArguments() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        Object ok = channel.rpc(new AMQP.Queue.Declare.Builder()
                        .queue(queue)
                        .passive()
                        .durable()
                        .autoDelete()
                        .arguments(Map.of("x-max-length", 5))
                        .build())
                .getMethod();

        assertThat(ok).isInstanceOf(AMQP.Queue.DeclareOk.class);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void redeclareWithTheSameFlagsSucceedsFromAnyConnection(boolean durable, boolean autoDelete) throws IOException {
        String queue = broker.name();
        broker.channel().queueDeclare(queue, durable, false, autoDelete, null);

        AMQP.Queue.DeclareOk ok = broker.channelOnNewConnection().queueDeclare(queue, durable, false, autoDelete, null);

        assertThat(ok.getQueue()).isEqualTo(queue);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rejectsRedeclareWithDifferentDurability(boolean durable) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(queue, durable, false, false, null);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, !durable, false, false, null),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'durable' for queue '" + queue + "' in vhost '/': received '"
                        + !durable + "' but current is '" + durable + "'",
                50,
                10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rejectsRedeclareWithDifferentAutoDelete(boolean autoDelete) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(queue, true, false, autoDelete, null);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, true, false, !autoDelete, null),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue '" + queue
                        + "' in vhost '/': received '" + !autoDelete + "' but current is '" + autoDelete + "'",
                50,
                10);
    }

    @Test
    void comparesDurableBeforeAutoDeleteBeforeArguments() throws IOException {
        Channel first = broker.channel();
        String queue = broker.name();
        first.queueDeclare(queue, true, false, false, null);

        assertThatChannelCloses(
                first,
                () -> first.queueDeclare(queue, false, false, true, Map.of("x-max-length", 1)),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'durable' for queue '" + queue
                        + "' in vhost '/': received 'false' but current is 'true'",
                50,
                10);
        Channel second = broker.channel();
        assertThatChannelCloses(
                second,
                () -> second.queueDeclare(queue, true, false, true, Map.of("x-max-length", 1)),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue '" + queue
                        + "' in vhost '/': received 'true' but current is 'false'",
                50,
                10);
    }

    static Stream<Arguments> argumentValues() {
        return Stream.of(
                arguments("x-message-ttl", 100_000, 200_000, "signedint"),
                arguments("x-expires", 100_000L, 200_000L, "long"),
                arguments("x-max-length", 10, 20, "signedint"),
                arguments("x-max-length-bytes", 10L, 20L, "long"),
                arguments("x-overflow", "drop-head", "reject-publish", "longstr"),
                arguments("x-dead-letter-exchange", "one", "two", "longstr"),
                arguments("x-max-priority", (byte) 5, (byte) 6, "byte"),
                arguments("x-single-active-consumer", true, false, "bool"));
    }

    @ParameterizedTest
    @MethodSource("argumentValues")
    void rejectsRedeclareWithAnotherArgumentValue(String key, Object value, Object other) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of(key, value));

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, false, false, Map.of(key, other)),
                406,
                "PRECONDITION_FAILED - inequivalent arg '" + key + "' for queue '" + queue
                        + "' in vhost '/': received '" + other + "' but current is '" + value + "'",
                50,
                10);
    }

    @ParameterizedTest
    @MethodSource("argumentValues")
    void rejectsRedeclareWithArgumentTheQueueDoesNotHave(String key, Object value, Object other, String type)
            throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, false, false, Map.of(key, value)),
                406,
                "PRECONDITION_FAILED - inequivalent arg '" + key + "' for queue '" + queue
                        + "' in vhost '/': received the value '" + value + "' of type '" + type
                        + "' but current is none",
                50,
                10);
    }

    @ParameterizedTest
    @MethodSource("argumentValues")
    void rejectsRedeclareWithoutArgumentTheQueueHas(String key, Object value, Object other, String type)
            throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of(key, value));

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, false, false, null),
                406,
                "PRECONDITION_FAILED - inequivalent arg '" + key + "' for queue '" + queue
                        + "' in vhost '/': received none but current is the value '" + value + "' of type '" + type
                        + "'",
                50,
                10);
    }

    @Test
    void redeclareWithTheSameArgumentsSucceeds() throws IOException {
        Channel channel = broker.channel();
        Map<String, Object> arguments = Map.of(
                "x-message-ttl", 60_000, "x-max-length", 10, "x-overflow", "drop-head", "x-dead-letter-exchange", "");
        String queue = broker.queue(channel, arguments);

        assertThat(channel.queueDeclare(queue, false, false, false, arguments).getQueue())
                .isEqualTo(queue);
    }

    @Test
    void comparesIntegersByValueWhateverTheirWireType() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 5));

        for (Object same : List.of((byte) 5, (short) 5, 5, 5L)) {
            assertThat(channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", same))
                            .getQueue())
                    .isEqualTo(queue);
        }
    }

    @Test
    void ignoresUnknownArgumentsAndDoesNotCompareThem() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-made-up", 1));

        channel.queueDeclare(queue, false, false, false, Map.of("another", new Date()));
        channel.queueDeclare(queue, false, false, false, null);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void explicitClassicTypeEqualsTheDefaultType() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.queueDeclare(queue, false, false, false, Map.of("x-queue-type", "classic"));

        assertThat(channel.isOpen()).isTrue();
    }

    static Stream<Arguments> invalidArguments() {
        return Stream.of(
                arguments("x-message-ttl", -1, "{value_negative,-1}"),
                arguments("x-message-ttl", 315_360_000_001L, "{value_too_large,315360000001}"),
                arguments("x-message-ttl", "100", "\"expected integer, got longstr\""),
                arguments("x-expires", 0, "{value_zero,0}"),
                arguments("x-expires", -1, "{value_negative,-1}"),
                arguments("x-max-length", -1, "{value_negative,-1}"),
                arguments("x-max-length-bytes", -1, "{value_negative,-1}"),
                arguments("x-overflow", "explode", "invalid_overflow"),
                arguments("x-max-priority", 256, "{max_value_exceeded,256}"),
                arguments("x-max-priority", -1, "{value_negative,-1}"),
                arguments("x-single-active-consumer", 1, "{unacceptable_type,signedint}"),
                arguments("x-dead-letter-routing-key", "key", "routing_key_but_no_dlx_defined"),
                arguments("x-queue-type", "made-up", "\"unsupported queue type 'made-up'\""));
    }

    @ParameterizedTest
    @MethodSource("invalidArguments")
    void rejectsInvalidArgument(String key, Object value, String explanation) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, true, false, false, Map.of(key, value)),
                406,
                "PRECONDITION_FAILED - invalid arg '" + key + "' for queue '" + queue + "' in vhost '/': "
                        + explanation,
                50,
                10);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void rejectsDeadLetterExchangeThatIsNotString() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, true, false, false, Map.of("x-dead-letter-exchange", 1)),
                406,
                "PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue '" + queue
                        + "' in vhost '/'",
                50,
                10);
    }

    @Test
    void rejectsArgumentOfAnotherQueueType() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, true, false, false, Map.of("x-max-age", "1h")),
                406,
                "PRECONDITION_FAILED - invalid arg 'x-max-age' for queue '" + queue
                        + "' in vhost '/' of queue type rabbit_classic_queue",
                50,
                10);
    }

    @Test
    void rejectsReservedPrefixOfNewQueue() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare("amq.mine", false, false, false, null),
                403,
                "ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'",
                50,
                10);
    }

    @Test
    void rejectsReservedPrefixEvenOfExistingQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = channel.queueDeclare().getQueue();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, true, true, null),
                403,
                "ACCESS_REFUSED - queue name '" + queue + "' contains reserved prefix 'amq.*'",
                50,
                10);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "#", "*", "a.b/c?d=e&f", "UPPER", "żółw-🐇", "tab\tname", "Amq.x", "amq"})
    void acceptsAnyOtherName(String suffixed) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.cleanUp(suffixed + broker.name());

        assertThat(channel.queueDeclare(queue, false, false, false, null).getQueue())
                .isEqualTo(queue);
        assertThat(channel.queueDeclarePassive(queue).getQueue()).isEqualTo(queue);
    }

    @Test
    void acceptsNameOf255Bytes() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.cleanUp((broker.name() + "-".repeat(255)).substring(0, 255));

        assertThat(channel.queueDeclare(queue, false, false, false, null).getQueue())
                .isEqualTo(queue);
        TestBroker.publish(channel, queue, "a");
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void namesAreCaseSensitive() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThat(TestBroker.queueExists(broker.connection(), queue.toUpperCase(Locale.ROOT)))
                .isFalse();
    }
}
