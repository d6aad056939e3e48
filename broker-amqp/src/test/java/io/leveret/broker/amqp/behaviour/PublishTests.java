package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class PublishTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void toMissingExchangeClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "key", null, bytes("a")),
                404,
                "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
                60,
                40);
    }

    @Test
    void toInternalExchangeClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();
        channel.exchangeDeclare(exchange, "fanout", false, false, true, null);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "key", null, bytes("a")),
                403,
                "ACCESS_REFUSED - cannot publish to internal exchange '" + exchange + "' in vhost '/'",
                60,
                40);
    }

    @Test
    void immediateIsNotImplemented() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.basicPublish("", queue, false, true, null, bytes("a")),
                540,
                "NOT_IMPLEMENTED - immediate=true",
                60,
                40);
    }

    @Test
    void errorIsRaisedOnlyWhenTheWholeMessageHasArrived() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "key", null, new byte[1_000_000]),
                404,
                "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
                60,
                40);
        assertThat(broker.channel().isOpen()).isTrue();
    }

    @Test
    void messagesBeforeTheErrorStayAndThoseAfterItAreDiscarded() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> {
                    TestBroker.publish(channel, queue, "before");
                    channel.basicPublish("no-such-exchange", "", null, bytes("error"));
                    TestBroker.publish(channel, queue, "after");
                },
                404,
                "NOT_FOUND - no exchange 'no-such-exchange' in vhost '/'",
                60,
                40);

        Channel next = broker.channel();
        TestBroker.awaitReady(next, queue, 1);
        assertThat(TestBroker.drain(next, queue)).containsExactly("before");
    }

    @ParameterizedTest
    @CsvSource({
        "abc, no_integer",
        "'', no_integer",
        "-1, '{value_negative,-1}'",
        "5x, '{leftover_string,\"x\"}'",
        "1.5, '{leftover_string,\".5\"}'",
        "315360000001, '{value_too_large,315360000001}'"
    })
    void rejectsInvalidExpiration(String expiration, String explanation) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", queue, expiring(expiration), bytes("a")),
                406,
                "PRECONDITION_FAILED - invalid expiration '" + expiration + "': " + explanation,
                60,
                40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"600000", "315360000000", "+600000", "0600000"})
    void acceptsExpirationAndDeliversItUnchanged(String expiration) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.basicPublish("", queue, expiring(expiration), bytes("a"));

        assertThat(channel.basicGet(queue, true).getProps().getExpiration()).isEqualTo(expiration);
    }

    @Test
    void rejectsUserIdOfSomebodyElse() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        String self = broker.factory().getUsername();

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", queue, userId("somebody"), bytes("a")),
                406,
                "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was '" + self + "'",
                60,
                40);
    }

    @Test
    void acceptsOwnUserId() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        String self = broker.factory().getUsername();

        channel.basicPublish("", queue, userId(self), bytes("a"));

        assertThat(channel.basicGet(queue, true).getProps().getUserId()).isEqualTo(self);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the largest message is 128 MiB
    void rejectsBodyAboveTheLargestMessageSize() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", queue, null, new byte[16_777_217]),
                406,
                "PRECONDITION_FAILED - message size 16777217 is larger than configured max size 16777216",
                60,
                40);
        assertThat(TestBroker.drain(broker.channel(), queue)).isEmpty();
    }

    private static AMQP.BasicProperties expiring(String expiration) {
        return new AMQP.BasicProperties.Builder().expiration(expiration).build();
    }

    private static AMQP.BasicProperties userId(String user) {
        return new AMQP.BasicProperties.Builder().userId(user).build();
    }
}
