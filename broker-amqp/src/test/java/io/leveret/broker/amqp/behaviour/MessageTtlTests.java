package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.awaitReady;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.drain;
import static io.leveret.broker.amqp.behaviour.TestBroker.publish;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("behaviour")
class MessageTtlTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void messagesExpireWhenTheTimeOfTheirQueueIsOver() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-message-ttl", 50));

        publish(channel, queue, "a", "b");

        awaitReady(channel, queue, 0);
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void aMessageExpiresWhenItsOwnTimeIsOver() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        publishExpiring(channel, queue, "a", 50);
        publish(channel, queue, "b");

        awaitReady(channel, queue, 1);
        assertThat(drain(channel, queue)).containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({"600000, 50", "50, 600000"})
    void theSmallerTimeCounts(long ofTheQueue, long ofTheMessage) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-message-ttl", ofTheQueue));

        publishExpiring(channel, queue, "a", ofTheMessage);

        awaitReady(channel, queue, 0);
    }

    @Test
    void aTimeOfZeroIsForAConsumerThatTakesTheMessageAtOnce() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-message-ttl", 0));
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "nobody is there");
        confirms.awaitAcked(1);
        assertThat(channel.basicGet(queue, true)).isNull();

        Channel consuming = broker.channel();
        consuming.basicQos(1);
        Deliveries deliveries = Deliveries.of(consuming, queue);
        publish(channel, queue, "a", "the consumer is full");
        confirms.awaitAcked(3);
        consuming.basicAck(deliveries.nextTag(), false);
        deliveries.assertNoMore();
    }

    @Test
    void aMessageWithATimeOfZeroIsForAConsumerThatTakesItAtOnce() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);

        publishExpiring(channel, queue, "nobody is there", 0);
        confirms.awaitAcked(1);
        assertThat(channel.basicGet(queue, true)).isNull();

        Deliveries deliveries = Deliveries.noAck(channel, queue);
        publishExpiring(channel, queue, "a", 0);
        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void onlyTheHeadExpires() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a");
        publishExpiring(channel, queue, "b", 20);

        broker.awaitThatPass(100);

        assertThat(channel.messageCount(queue)).isEqualTo(2);
        GetResponse a = channel.basicGet(queue, true);
        assertThat(a.getBody()).isEqualTo(bytes("a"));
        assertThat(a.getMessageCount()).isZero();
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void whatIsUnackedDoesNotExpireUntilItComesBack() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-message-ttl", 200));
        Deliveries deliveries = Deliveries.of(channel, queue);
        publish(channel, queue, "a", "b");
        long a = deliveries.nextTag();
        long b = deliveries.nextTag();

        broker.awaitThatPass(300);

        channel.basicAck(a, false);
        channel.basicNack(b, false, true);
        deliveries.assertNoMore();
        assertThat(channel.messageCount(queue)).isZero();
    }

    @Test
    void timeIsMeasuredInEachQueueByItself() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String brief = broker.queue(channel, Map.of("x-message-ttl", 50));
        channel.queueBind(brief, exchange, "");
        String lasting = broker.queueBoundTo(channel, exchange, "");

        channel.basicPublish(exchange, "", null, bytes("a"));

        awaitReady(channel, brief, 0);
        assertThat(drain(channel, lasting)).containsExactly("a");
    }

    @Test
    void whatExpiresIsDeadLettered() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = broker.queue(channel, deadLetteringTo(target, "x-message-ttl", 50));

        publish(channel, queue, "a", "b");

        awaitReady(channel, target, 2);
        GetResponse a = channel.basicGet(target, true);
        assertThat(a.getBody()).isEqualTo(bytes("a"));
        assertThat(a.getProps().getHeaders().get("x-first-death-reason")).hasToString("expired");
        assertThat(drain(channel, target)).containsExactly("b");
    }

    private static Map<String, Object> deadLetteringTo(String queue, String argument, Object value) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put(argument, value);
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", queue);
        return arguments;
    }

    private static void publishExpiring(Channel channel, String queue, String body, long millis) throws IOException {
        channel.basicPublish(
                "",
                queue,
                new AMQP.BasicProperties.Builder().expiration("" + millis).build(),
                bytes(body));
    }
}
