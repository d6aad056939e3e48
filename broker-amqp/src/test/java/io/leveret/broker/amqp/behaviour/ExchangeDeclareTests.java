package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class ExchangeDeclareTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @ParameterizedTest
    @CsvSource({"amq.direct,direct", "amq.fanout,fanout", "amq.topic,topic", "amq.headers,headers", "amq.match,headers"
    })
    void predeclaredExchangesExistAndMayBeRedeclaredAsTheyAre(String exchange, String type) throws IOException {
        Channel channel = broker.channel();

        channel.exchangeDeclarePassive(exchange);
        channel.exchangeDeclare(exchange, type, true);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void traceExchangeIsInternalTopic() throws IOException {
        Channel channel = broker.channel();

        channel.exchangeDeclare("amq.rabbitmq.trace", "topic", true, false, true, null);

        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "fanout", "topic", "headers"})
    void declaresEveryStandardTypeAnyNumberOfTimes(String type) throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        channel.exchangeDeclare(exchange, type, true, false, null);
        channel.exchangeDeclare(exchange, type, true, false, null);
        channel.exchangeDeclarePassive(exchange);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it is 503 COMMAND_INVALID and closes the connection
    void rejectsUnknownType() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "made-up"),
                406,
                "PRECONDITION_FAILED - unknown exchange type 'made-up'",
                40,
                10);
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it is 503 COMMAND_INVALID and closes the connection
    void checksTheTypeBeforeTheName() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare("amq.mine", "made-up"),
                406,
                "PRECONDITION_FAILED - unknown exchange type 'made-up'",
                40,
                10);
    }

    @Test
    void rejectsTheDefaultExchange() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare("", "direct"),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                40,
                10);
    }

    @Test
    void rejectsPassiveDeclareOfTheDefaultExchange() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclarePassive(""),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                40,
                10);
    }

    @Test
    void rejectsReservedPrefixOfNewExchange() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare("amq.mine", "direct"),
                403,
                "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'",
                40,
                10);
    }

    @Test
    void passiveDeclareOfMissingExchangeClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclarePassive(exchange),
                404,
                "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
                40,
                10);
    }

    @Test
    void passiveDeclareComparesNeitherTypeNorFlags() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");

        Object ok = channel.rpc(new AMQP.Exchange.Declare.Builder()
                        .exchange(exchange)
                        .type("fanout")
                        .passive()
                        .durable()
                        .autoDelete()
                        .internal()
                        .arguments(Map.of("alternate-exchange", "other"))
                        .build())
                .getMethod();

        assertThat(ok).isInstanceOf(AMQP.Exchange.DeclareOk.class);
    }

    @Test
    void rejectsRedeclareWithAnotherType() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "fanout"),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'type' for exchange '" + exchange
                        + "' in vhost '/': received 'fanout' but current is 'direct'",
                40,
                10);
    }

    @ParameterizedTest
    @CsvSource({"durable,true,false,false", "auto_delete,false,true,false", "internal,false,false,true"})
    void rejectsRedeclareWithAnotherFlag(String flag, boolean durable, boolean autoDelete, boolean internal)
            throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "direct", durable, autoDelete, internal, null),
                406,
                "PRECONDITION_FAILED - inequivalent arg '" + flag + "' for exchange '" + exchange
                        + "' in vhost '/': received 'true' but current is 'false'",
                40,
                10);
    }

    @Test
    void rejectsRedeclareOfPredeclaredExchangeWithOtherProperties() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare("amq.fanout", "fanout", false),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'amq.fanout' in vhost '/':"
                        + " received 'false' but current is 'true'",
                40,
                10);
    }

    @Test
    void rejectsRedeclareWithAnotherAlternateExchange() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", "one"));

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "direct", false, false, Map.of("alternate-exchange", "two")),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange '" + exchange
                        + "' in vhost '/': received 'two' but current is 'one'",
                40,
                10);
    }

    @Test
    void rejectsRedeclareWithNewAlternateExchange() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "direct", false, false, Map.of("alternate-exchange", "one")),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange '" + exchange
                        + "' in vhost '/': received the value 'one' of type 'longstr' but current is none",
                40,
                10);
    }

    @Test
    void rejectsRedeclareWithoutAlternateExchange() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", "one"));

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "direct"),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange '" + exchange
                        + "' in vhost '/': received none but current is the value 'one' of type 'longstr'",
                40,
                10);
    }

    @Test
    void ignoresAllOtherArguments() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct", Map.of("x-made-up", 1));

        channel.exchangeDeclare(exchange, "direct", false, false, Map.of("x-made-up", 2, "another", true));
        channel.exchangeDeclare(exchange, "direct");

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void rejectsAlternateExchangeThatIsNotString() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclare(exchange, "direct", false, false, Map.of("alternate-exchange", 1)),
                406,
                "PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange' in exchange '" + exchange
                        + "' in vhost '/'",
                40,
                10);
    }

    @Test
    void transientExchangeSurvivesItsConnection() throws IOException {
        Connection closing = broker.connect();
        String exchange = broker.exchange(closing.createChannel(), "direct");

        closing.close();

        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isTrue();
    }
}
