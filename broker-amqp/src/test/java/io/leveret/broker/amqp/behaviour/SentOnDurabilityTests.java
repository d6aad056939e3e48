package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.DurableBroker.drain;
import static io.leveret.broker.amqp.behaviour.TestBroker.awaitReady;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the broker itself sends on, after it was stopped and started. */
@Tag("behaviour")
class SentOnDurabilityTests {
    @RegisterExtension
    final DurableBroker broker = new DurableBroker();

    private static void publish(
            Channel channel, String exchange, String key, AMQP.BasicProperties properties, String body)
            throws IOException {
        Channel confirming = channel.getConnection().createChannel();
        Confirms confirms = Confirms.select(confirming);
        confirming.basicPublish(exchange, key, properties, bytes(body));
        confirms.awaitAcked(1);
        confirming.abort();
    }

    private String queueWithDeadLetters(Channel channel, String dead) throws IOException {
        return broker.queue(channel, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
    }

    @Test
    void aDeadLetterIsThereWithItsHistory() throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        String queue = queueWithDeadLetters(channel, dead);
        publish(channel, "", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, "a");
        channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
        awaitReady(channel, dead, 1);

        broker.restart();

        Channel again = broker.channel();
        assertThat(drain(again, queue)).isEmpty();
        GetResponse got = again.basicGet(dead, true);
        assertThat(text(got.getBody())).isEqualTo("a");
        List<?> deaths = (List<?>) got.getProps().getHeaders().get("x-death");
        assertThat(deaths).hasSize(1);
        assertThat(((Map<?, ?>) deaths.get(0)).get("count")).isEqualTo(1L);
        assertThat(((Map<?, ?>) deaths.get(0)).get("queue")).hasToString(queue);
    }

    @Test
    void whatDiedBeforeACrashIsInOneOfBothQueues() throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        String queue = queueWithDeadLetters(channel, dead);
        publish(channel, "", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, "a");
        channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
        awaitReady(channel, dead, 1);

        broker.crash();

        Channel again = broker.channel();
        List<String> left = drain(again, queue);
        left.addAll(drain(again, dead));
        assertThat(left).isNotEmpty().containsAnyOf("a", "a*");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // plugin
    void aDelayedMessageComesWhenItIsDue() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();
        channel.exchangeDeclare(exchange, "x-delayed-message", true, false, Map.of("x-delayed-type", "fanout"));
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, "");
        AMQP.BasicProperties inASecond = MessageProperties.MINIMAL_PERSISTENT_BASIC
                .builder()
                .headers(Map.of("x-delay", 1_000))
                .build();
        long start = System.nanoTime();
        publish(channel, exchange, "", inASecond, "a");

        broker.restart();

        Channel again = broker.channel();
        awaitReady(again, queue, 1);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(999);
        assertThat(drain(again, queue)).containsExactly("a");
    }
}
