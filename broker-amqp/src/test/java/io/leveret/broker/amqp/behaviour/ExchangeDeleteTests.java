package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class ExchangeDeleteTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void deletesWithItsBindings() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String queue = broker.queueBoundTo(channel, exchange, "");

        channel.exchangeDelete(exchange);
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
        channel.exchangeDeclare(exchange, "fanout");
        channel.basicPublish(exchange, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).isEmpty();
    }

    @Test
    void deletingMissingExchangeSucceeds() throws IOException {
        Channel channel = broker.channel();

        channel.exchangeDelete(broker.name());
        channel.exchangeDelete(broker.name(), true);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void ifUnusedRejectsExchangeWithBindings() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        broker.queueBoundTo(channel, exchange, "");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDelete(exchange, true),
                406,
                "PRECONDITION_FAILED - exchange '" + exchange + "' in vhost '/' in use",
                40,
                20);
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isTrue();
    }

    @Test
    void ifUnusedIgnoresBindingsToTheExchange() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String destination = broker.exchange(channel, "fanout");
        channel.exchangeBind(destination, source, "");

        channel.exchangeDelete(destination, true);

        assertThat(TestBroker.exchangeExists(broker.connection(), destination)).isFalse();
        channel.exchangeDelete(source, true);
        assertThat(channel.isOpen()).as("source lost its binding").isTrue();
    }

    @Test
    void rejectsTheDefaultExchange() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDelete(""),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                40,
                20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match", "amq.missing"})
    void rejectsSystemExchanges(String exchange) throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDelete(exchange),
                403,
                "ACCESS_REFUSED - deletion of system exchange '" + exchange + "' in vhost '/' not allowed",
                40,
                20);
    }
}
