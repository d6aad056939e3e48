package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Carriage returns and line feeds are stripped from names where things are declared, deleted and bound. */
@Tag("behaviour")
class CrLfTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void queueDeclareStripsAndAnswersWithTheStrippedName() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThat(channel.queueDeclare("\r\n" + queue + "\n\r", false, false, false, null)
                        .getQueue())
                .isEqualTo(queue);
        assertThat(channel.queueDeclarePassive(queue).getQueue()).isEqualTo(queue);
    }

    @Test
    void passiveQueueDeclareStrips() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThat(channel.queueDeclarePassive(queue + "\n").getQueue()).isEqualTo(queue);
    }

    @Test
    void queueDeleteStrips() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.queueDelete("\n" + queue);

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void exchangeDeclareAndDeleteStrip() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();

        channel.exchangeDeclare(exchange + "\r\n", "direct");
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isTrue();
        channel.exchangeDelete("\r" + exchange);
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
    }

    @Test
    void queueBindAndUnbindStripBothNames() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String queue = broker.queue(channel);

        channel.queueBind(queue + "\n", exchange + "\r", "");
        channel.basicPublish(exchange, "", null, TestBroker.bytes("bound"));
        channel.queueUnbind("\r" + queue, "\n" + exchange, "");
        channel.basicPublish(exchange, "", null, TestBroker.bytes("unbound"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("bound");
    }

    @Test
    void exchangeBindStripsBothNames() throws IOException {
        Channel channel = broker.channel();
        String source = broker.exchange(channel, "fanout");
        String destination = broker.exchange(channel, "fanout");
        String queue = broker.queueBoundTo(channel, destination, "");

        channel.exchangeBind(destination + "\r\n", source + "\r\n", "");
        channel.basicPublish(source, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void publishDoesNotStrip() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange + "\n", "", null, TestBroker.bytes("a")),
                404,
                "NOT_FOUND - no exchange '" + exchange + "\n' in vhost '/'",
                60,
                40);
    }

    @Test
    void getDoesNotStrip() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.basicGet(queue + "\n", true),
                404,
                "NOT_FOUND - no queue '" + queue + "\n' in vhost '/'",
                60,
                70);
    }
}
