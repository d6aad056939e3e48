package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class FanoutTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void everyBoundQueueGetsCopyWhateverTheKeys() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        List<String> queues = new ArrayList<>();
        for (String key : List.of("", "key", "#", "other.key")) {
            queues.add(broker.queueBoundTo(channel, exchange, key));
        }
        String unbound = broker.queue(channel);

        channel.basicPublish(exchange, "some.key", null, TestBroker.bytes("a"));

        assertThat(queues)
                .allSatisfy(
                        queue -> assertThat(TestBroker.drain(channel, queue)).containsExactly("a"));
        assertThat(TestBroker.drain(channel, unbound)).isEmpty();
    }

    @Test
    void queueBoundSeveralTimesGetsOneCopy() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String queue = broker.queueBoundTo(channel, exchange, "one");
        channel.queueBind(queue, exchange, "two");
        channel.queueBind(queue, exchange, "two", Map.of("a", 1));

        channel.basicPublish(exchange, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void copiesAreSettledIndependently() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String one = broker.queueBoundTo(channel, exchange, "");
        String two = broker.queueBoundTo(channel, exchange, "");
        channel.basicPublish(exchange, "", null, TestBroker.bytes("a"));

        channel.basicAck(channel.basicGet(one, false).getEnvelope().getDeliveryTag(), false);

        assertThat(TestBroker.drain(channel, one)).isEmpty();
        assertThat(TestBroker.drain(channel, two)).containsExactly("a");
    }
}
