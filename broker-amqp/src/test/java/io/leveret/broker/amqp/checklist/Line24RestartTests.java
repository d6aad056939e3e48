package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.behaviour.DurableBroker.drain;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.amqp.behaviour.Confirms;
import io.leveret.broker.amqp.behaviour.DurableBroker;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More: {@code behaviour.DurabilityTests}. */
@Tag("behaviour")
@DisplayName("13.24 Restart: durable, transient, exclusive; persistent or not; bindings; redelivered flags")
class Line24RestartTests {
    @RegisterExtension
    final DurableBroker broker = new DurableBroker();

    @Test
    @DisplayName("queues: durable ones stay, transient and exclusive ones go")
    void queues() throws IOException {
        Channel channel = broker.channel();
        String durable = broker.queue(channel);
        String withArguments = broker.queue(channel, Map.of("x-max-length", 7, "x-max-priority", 3));
        String autoDelete = broker.name();
        channel.queueDeclare(autoDelete, true, false, true, null);
        String isTransient = broker.name();
        channel.queueDeclare(isTransient, false, false, false, null);
        String exclusive = broker.name();
        channel.queueDeclare(exclusive, true, true, false, null);

        broker.restart();

        Connection connection = broker.channel().getConnection();
        assertThat(TestBroker.queueExists(connection, durable)).isTrue();
        assertThat(TestBroker.queueExists(connection, autoDelete)).isTrue();
        assertThat(TestBroker.queueExists(connection, isTransient)).isFalse();
        assertThat(TestBroker.queueExists(connection, exclusive)).isFalse();
        assertThat(connection
                        .createChannel()
                        .queueDeclare(withArguments, true, false, false, Map.of("x-max-length", 7, "x-max-priority", 3))
                        .getMessageCount())
                .isZero();
    }

    @Test
    @DisplayName("exchanges: durable ones stay as they were")
    void exchanges() throws IOException {
        Channel channel = broker.channel();
        String durable = broker.name();
        channel.exchangeDeclare(durable, "topic", true, false, null);

        broker.restart();

        Connection connection = broker.channel().getConnection();
        assertThat(TestBroker.exchangeExists(connection, durable)).isTrue();
        connection.createChannel().exchangeDeclare(durable, "topic", true, false, null);
    }

    /** RabbitMQ 3.10 keeps them in memory; 4.3, whose only store is Khepri, does not forget them. */
    @Test
    @Tag("not-rabbitmq-3.10")
    @DisplayName("exchanges: transient ones stay, too")
    void transientExchanges() throws IOException {
        Channel channel = broker.channel();
        String isTransient = broker.name();
        channel.exchangeDeclare(isTransient, "topic", false, false, null);

        broker.restart();

        assertThat(TestBroker.exchangeExists(broker.channel().getConnection(), isTransient))
                .isTrue();
    }

    @Test
    @DisplayName("bindings: those between what is durable stay, those of a transient queue go")
    void bindings() throws IOException {
        Channel channel = broker.channel();
        String source = broker.name();
        channel.exchangeDeclare(source, "direct", true, false, null);
        String next = broker.name();
        channel.exchangeDeclare(next, "fanout", true, false, null);
        String queue = broker.queue(channel);
        String other = broker.queue(channel);
        String isTransient = broker.name();
        channel.queueDeclare(isTransient, false, false, false, null);
        channel.queueBind(queue, source, "to queue");
        channel.exchangeBind(next, source, "to exchange");
        channel.queueBind(other, next, "");
        channel.queueBind(isTransient, source, "to transient");
        channel.queueBind(queue, source, "unbound");
        channel.queueUnbind(queue, source, "unbound");

        broker.restart();

        Channel again = broker.channel();
        again.queueDeclare(isTransient, false, false, false, null);
        Confirms confirms = Confirms.select(again);
        for (String key : new String[] {"to queue", "to exchange", "to transient", "unbound"}) {
            again.basicPublish(source, key, null, TestBroker.bytes(key));
        }
        confirms.awaitAcked(4);
        assertThat(drain(again, queue)).containsExactly("to queue");
        assertThat(drain(again, other)).containsExactly("to exchange");
        assertThat(drain(again, isTransient)).isEmpty();
    }

    @Test
    @DisplayName("messages: persistent ones stay in order, others go; redelivered if they were handed out")
    void messages() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);
        for (int i = 0; i < 1_000; i++) {
            channel.basicPublish(
                    "",
                    queue,
                    i % 2 == 0 ? MessageProperties.PERSISTENT_BASIC : MessageProperties.BASIC,
                    TestBroker.bytes("" + i));
        }
        confirms.awaitAcked(1_000);
        for (int i = 0; i < 10; i++) {
            long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
            if (i < 4) {
                channel.basicAck(tag, false);
            }
        }

        broker.restart();

        String[] expected = new String[498];
        for (int i = 0; i < expected.length; i++) {
            int body = 2 * i + 4;
            expected[i] = body + (body < 10 ? "*" : "");
        }
        assertThat(drain(broker.channel(), queue)).containsExactly(expected);
    }
}
