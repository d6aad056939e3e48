package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class BindingTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void bindToMissingExchangeClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "key"),
                404,
                "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
                50,
                20);
    }

    @Test
    void bindOfMissingQueueClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, "amq.direct", "key"),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                50,
                20);
    }

    @Test
    void bindOfMissingQueueToMissingExchangeReportsTheExchange() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        String exchange = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "key"),
                404,
                "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'",
                50,
                20);
    }

    @Test
    void bindToTheDefaultExchangeIsRefused() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, "", "key"),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                50,
                20);
    }

    @Test
    void unbindFromTheDefaultExchangeIsRefused() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueUnbind(queue, "", queue),
                403,
                "ACCESS_REFUSED - operation not permitted on the default exchange",
                50,
                50);
    }

    @Test
    void unbindOfMissingBindingQueueOrExchangeSucceeds() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        String exchange = broker.exchange(channel, "direct");

        channel.queueUnbind(queue, exchange, "key");
        channel.queueUnbind(broker.name(), exchange, "key");
        channel.queueUnbind(queue, broker.name(), "key");
        channel.queueUnbind(broker.name(), broker.name(), "key");

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void bindingTwiceIsTheSameAsOnce() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "key");
        channel.queueBind(queue, exchange, "key");

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("once"));
        channel.queueUnbind(queue, exchange, "key");
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("unbound"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("once");
    }

    @Test
    void argumentsArePartOfTheBindingsIdentity() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "key");
        channel.queueBind(queue, exchange, "key", Map.of("a", 1));
        channel.queueBind(queue, exchange, "key", Map.of("a", 2));

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("three bindings"));
        channel.queueUnbind(queue, exchange, "key");
        channel.queueUnbind(queue, exchange, "key", Map.of("a", 1));
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("one binding"));
        channel.queueUnbind(queue, exchange, "key", Map.of("a", 3));
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("still one"));
        channel.queueUnbind(queue, exchange, "key", Map.of("a", 2));
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("none"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("three bindings", "one binding", "still one");
    }

    @Test
    void manyKeysAndManyQueuesMayBeBoundToOneExchange() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String one = broker.queueBoundTo(channel, exchange, "red");
        String two = broker.queueBoundTo(channel, exchange, "red");
        channel.queueBind(two, exchange, "green");

        channel.basicPublish(exchange, "red", null, TestBroker.bytes("red"));
        channel.basicPublish(exchange, "green", null, TestBroker.bytes("green"));
        channel.basicPublish(exchange, "Red", null, TestBroker.bytes("Red"));

        assertThat(TestBroker.drain(channel, one)).containsExactly("red");
        assertThat(TestBroker.drain(channel, two)).containsExactly("red", "green");
    }

    @Test
    void durableExchangeMayBeBoundToTransientQueueAndTheReverse() throws IOException {
        Channel channel = broker.channel();
        String durableQueue =
                channel.queueDeclare(broker.name(), true, false, false, null).getQueue();
        String durableExchange = broker.name();
        channel.exchangeDeclare(durableExchange, "direct", true);

        channel.queueBind(broker.queue(channel), durableExchange, "key");
        channel.queueBind(durableQueue, broker.exchange(channel, "direct"), "key");
        channel.queueBind(durableQueue, durableExchange, "key");

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void keysAreComparedByteForByteUpToTheirFullLength() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String longKey = "k".repeat(255);
        String queue = broker.queueBoundTo(channel, exchange, longKey);
        channel.queueBind(queue, exchange, "zażółć\r\n");

        channel.basicPublish(exchange, longKey, null, TestBroker.bytes("long"));
        channel.basicPublish(exchange, longKey.substring(1), null, TestBroker.bytes("shorter"));
        channel.basicPublish(exchange, "zażółć\r\n", null, TestBroker.bytes("unicode"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("long", "unicode");
    }
}
