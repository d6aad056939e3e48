package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When auto-delete exchanges go, and what does not make them go. */
@Tag("behaviour")
class ExchangeLifetimeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void autoDeleteExchangeIsGoneWhenItsLastQueueWasUnbound() throws IOException {
        Channel channel = broker.channel();
        String exchange = autoDeleteExchange(channel);
        String queue = broker.queueBoundTo(channel, exchange, "one");
        channel.queueBind(queue, exchange, "two");

        channel.queueUnbind(queue, exchange, "one");
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isTrue();
        channel.queueUnbind(queue, exchange, "two");
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
    }

    @Test
    void autoDeleteExchangeIsGoneWhenItsLastQueueWasDeleted() throws IOException {
        Channel channel = broker.channel();
        String exchange = autoDeleteExchange(channel);
        String queue = broker.queueBoundTo(channel, exchange, "key");

        channel.queueDelete(queue);

        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
    }

    @Test
    void autoDeleteExchangeIsGoneWhenItsLastQueueWasAutoDeleted() throws IOException {
        Channel channel = broker.channel();
        String exchange = autoDeleteExchange(channel);
        String queue =
                channel.queueDeclare(broker.name(), false, false, true, null).getQueue();
        channel.queueBind(queue, exchange, "key");
        String tag = channel.basicConsume(queue, new Deliveries(channel));

        channel.basicCancel(tag);

        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
    }

    @Test
    void autoDeleteExchangeIsGoneWithTheConnectionOfItsLastExclusiveQueue() throws IOException {
        Connection closing = broker.connect();
        Channel channel = closing.createChannel();
        String exchange = autoDeleteExchange(channel);
        channel.queueBind(channel.queueDeclare().getQueue(), exchange, "key");

        closing.close();

        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
    }

    @Test
    void autoDeleteExchangeIsGoneSoonAfterTheSocketOfItsLastExclusiveQueueWasLost() throws IOException {
        Connection lost = broker.connect();
        Channel channel = lost.createChannel();
        String exchange = autoDeleteExchange(channel);
        channel.queueBind(channel.queueDeclare().getQueue(), exchange, "key");

        broker.drop(lost);

        await().until(() -> !TestBroker.exchangeExists(broker.connection(), exchange));
    }

    @Test
    void autoDeleteExchangeIsGoneWhenItsLastExchangeWasUnbound() throws IOException {
        Channel channel = broker.channel();
        String source = autoDeleteExchange(channel);
        String destination = broker.exchange(channel, "fanout");
        channel.exchangeBind(destination, source, "key");

        channel.exchangeUnbind(destination, source, "key");

        assertThat(TestBroker.exchangeExists(broker.connection(), source)).isFalse();
    }

    @Test
    void deletionCascadesAgainstTheDirectionOfTheBindings() throws IOException {
        Channel channel = broker.channel();
        String first = autoDeleteExchange(channel);
        String second = autoDeleteExchange(channel);
        String third = autoDeleteExchange(channel);
        channel.exchangeBind(second, first, "key");
        channel.exchangeBind(third, second, "key");
        String queue = broker.queueBoundTo(channel, third, "key");

        channel.queueDelete(queue);

        assertThat(TestBroker.exchangeExists(broker.connection(), third)).isFalse();
        assertThat(TestBroker.exchangeExists(broker.connection(), second)).isFalse();
        assertThat(TestBroker.exchangeExists(broker.connection(), first)).isFalse();
    }

    @Test
    void losingBindingsToItDoesNotDeleteIt() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String destination = autoDeleteExchange(channel);
        channel.exchangeBind(destination, source, "key");

        channel.exchangeDelete(source);

        assertThat(TestBroker.exchangeExists(broker.connection(), destination)).isTrue();
    }

    @Test
    void autoDeleteExchangeNeverBoundStays() throws IOException {
        Connection closing = broker.connect();
        Channel channel = closing.createChannel();
        String exchange = autoDeleteExchange(channel);
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));
        channel.queueUnbind(broker.queue(channel), exchange, "key");

        closing.close();

        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isTrue();
    }

    private String autoDeleteExchange(Channel channel) throws IOException {
        String exchange = broker.name();
        channel.exchangeDeclare(exchange, "direct", false, true, null);
        return exchange;
    }
}
