package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class DefaultExchangeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void everyQueueIsReachedByItsName() throws IOException {
        Channel channel = broker.channel();
        String one = broker.queue(channel);
        String two = broker.queue(channel);

        TestBroker.publish(channel, one, "for one");
        TestBroker.publish(channel, two, "for two");

        assertThat(TestBroker.drain(channel, one)).containsExactly("for one");
        assertThat(TestBroker.drain(channel, two)).containsExactly("for two");
    }

    @Test
    void messageForNobodyIsDroppedSilently() throws IOException {
        Channel channel = broker.channel();

        TestBroker.publish(channel, broker.name(), "a");
        channel.basicQos(1);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void deliveryNamesTheEmptyExchangeAndTheQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");

        var envelope = channel.basicGet(queue, true).getEnvelope();

        assertThat(envelope.getExchange()).isEmpty();
        assertThat(envelope.getRoutingKey()).isEqualTo(queue);
    }

    @Test
    void everyCopyKeyIsQueueName() throws IOException {
        Channel channel = broker.channel();
        String one = broker.queue(channel);
        String two = broker.queue(channel);
        var copied = new AMQP.BasicProperties.Builder()
                .headers(Map.of("CC", List.of(two, broker.name())))
                .build();

        channel.basicPublish("", one, copied, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, one)).containsExactly("a");
        assertThat(TestBroker.drain(channel, two)).containsExactly("a");
    }
}
