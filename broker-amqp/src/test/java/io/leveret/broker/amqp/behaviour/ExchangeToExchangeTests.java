package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class ExchangeToExchangeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void messagePassesWhereTheKeyMatchesAtEachHop() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "topic");
        String destination = broker.exchange(channel, "direct");
        channel.exchangeBind(destination, source, "news.*");
        String queue = broker.queueBoundTo(channel, destination, "news.sport");

        channel.basicPublish(source, "news.sport", null, TestBroker.bytes("both match"));
        channel.basicPublish(source, "news.art", null, TestBroker.bytes("first matches"));
        channel.basicPublish(source, "sport", null, TestBroker.bytes("none matches"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("both match");
    }

    @Test
    void deliveryNamesTheExchangePublishedTo() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String destination = broker.exchange(channel, "fanout");
        channel.exchangeBind(destination, source, "");
        String queue = broker.queueBoundTo(channel, destination, "");

        channel.basicPublish(source, "key", null, TestBroker.bytes("a"));

        var envelope = channel.basicGet(queue, true).getEnvelope();
        assertThat(envelope.getExchange()).isEqualTo(source);
        assertThat(envelope.getRoutingKey()).isEqualTo("key");
    }

    @Test
    void queueReachedOnSeveralPathsGetsOneCopy() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String left = broker.exchange(channel, "fanout");
        String right = broker.exchange(channel, "fanout");
        channel.exchangeBind(left, source, "");
        channel.exchangeBind(right, source, "");
        String queue = broker.queueBoundTo(channel, source, "");
        channel.queueBind(queue, left, "");
        channel.queueBind(queue, right, "");

        channel.basicPublish(source, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void cyclesAreVisitedOnce() throws IOException {
        Channel channel = broker.channel();
        String one = broker.exchange(channel, "fanout");
        String two = broker.exchange(channel, "fanout");
        channel.exchangeBind(two, one, "");
        channel.exchangeBind(one, two, "");
        channel.exchangeBind(one, one, "");
        String atOne = broker.queueBoundTo(channel, one, "");
        String atTwo = broker.queueBoundTo(channel, two, "");

        channel.basicPublish(two, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, atOne)).containsExactly("a");
        assertThat(TestBroker.drain(channel, atTwo)).containsExactly("a");
    }

    @Test
    void unbindStopsTheFlow() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String destination = broker.exchange(channel, "fanout");
        String queue = broker.queueBoundTo(channel, destination, "");

        channel.exchangeBind(destination, source, "");
        channel.basicPublish(source, "", null, TestBroker.bytes("bound"));
        channel.exchangeUnbind(destination, source, "");
        channel.basicPublish(source, "", null, TestBroker.bytes("unbound"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("bound");
    }

    @Test
    void internalExchangeMayBeBoundBothWays() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String internal = broker.name();
        channel.exchangeDeclare(internal, "fanout", false, false, true, null);
        channel.exchangeBind(internal, source, "");
        String queue = broker.queueBoundTo(channel, internal, "");

        channel.basicPublish(source, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void bindToMissingSourceClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String source = broker.name();
        String destination = broker.exchange(channel, "fanout");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeBind(destination, source, ""),
                404,
                "NOT_FOUND - no exchange '" + source + "' in vhost '/'",
                40,
                30);
    }

    @Test
    void bindOfMissingDestinationClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String destination = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeBind(destination, source, ""),
                404,
                "NOT_FOUND - no exchange '" + destination + "' in vhost '/'",
                40,
                30);
    }

    @Test
    void whenBothAreMissingTheSourceIsReported() throws IOException {
        Channel channel = broker.channel();
        String source = broker.name();
        String destination = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeBind(destination, source, ""),
                404,
                "NOT_FOUND - no exchange '" + source + "' in vhost '/'",
                40,
                30);
    }

    @Test
    void theDefaultExchangeIsRefusedAsSource() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeBind(exchange, "", "key"),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                40,
                30);
    }

    @Test
    void theDefaultExchangeIsRefusedAsDestination() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeBind("", exchange, "key"),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                40,
                30);
    }

    @Test
    void theDefaultExchangeIsRefusedByUnbindToo() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeUnbind(exchange, "", "key"),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                40,
                40);
    }

    @Test
    void unbindOfMissingBindingOrExchangeSucceeds() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");

        channel.exchangeUnbind(exchange, exchange, "");
        channel.exchangeUnbind(broker.name(), exchange, "");
        channel.exchangeUnbind(exchange, broker.name(), "");
        channel.exchangeUnbind(broker.name(), broker.name(), "");

        assertThat(channel.isOpen()).isTrue();
    }
}
