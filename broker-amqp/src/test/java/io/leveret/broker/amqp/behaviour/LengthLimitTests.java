package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.awaitReady;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.drain;
import static io.leveret.broker.amqp.behaviour.TestBroker.publish;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class LengthLimitTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void dropsTheOldestOfTooMany() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 2));
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "a", "b", "c", "d");

        confirms.awaitAcked(4);
        assertThat(drain(channel, queue)).containsExactly("c", "d");
    }

    @Test
    void dropsTheOldestUntilTheBytesFit() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length-bytes", 10));
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "aaaa", "bbbb", "cc");
        confirms.awaitAcked(3);
        assertThat(channel.messageCount(queue)).isEqualTo(3);
        publish(channel, queue, "ddddd");
        confirms.awaitAcked(4);
        assertThat(drain(channel, queue)).containsExactly("cc", "ddddd");
        publish(channel, queue, "more than ten bytes");
        confirms.awaitAcked(5);
        assertThat(drain(channel, queue)).isEmpty();
    }

    @Test
    void eitherLimitTriggers() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 3, "x-max-length-bytes", 5));
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "a", "b", "c", "d", "eeee");

        confirms.awaitAcked(5);
        assertThat(drain(channel, queue)).containsExactly("d", "eeee");
    }

    @Test
    void unackedMessagesDoNotCount() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 1));
        Confirms confirms = Confirms.select(channel);
        publish(channel, queue, "a");
        confirms.awaitAcked(1);
        channel.basicGet(queue, false);

        publish(channel, queue, "b");

        confirms.awaitAcked(2);
        assertThat(drain(channel, queue)).containsExactly("b");
    }

    @Test
    void aLimitOfZeroStillLetsAWaitingConsumerHaveTheMessage() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 0));
        Confirms confirms = Confirms.select(channel);
        publish(channel, queue, "nobody is there");
        confirms.awaitAcked(1);
        assertThat(channel.basicGet(queue, true)).isNull();

        Deliveries deliveries = Deliveries.noAck(channel, queue);
        publish(channel, queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void theLimitCountsAgainWhenAMessageComesBack() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 2));
        Confirms confirms = Confirms.select(channel);
        publish(channel, queue, "a", "b");
        confirms.awaitAcked(2);
        GetResponse a = channel.basicGet(queue, false);
        publish(channel, queue, "c");
        confirms.awaitAcked(3);

        channel.basicReject(a.getEnvelope().getDeliveryTag(), true);

        awaitReady(channel, queue, 2);
        assertThat(drain(channel, queue)).containsExactly("b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject-publish", "reject-publish-dlx"})
    void refusesWhatIsTooMany(String overflow) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 2, "x-overflow", overflow));
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "a", "b", "c");

        assertThat(confirms.outcomes(3)).isEqualTo(Map.of(1L, true, 2L, true, 3L, false));
        channel.basicGet(queue, true);
        publish(channel, queue, "d");
        assertThat(confirms.outcomes(4)).containsEntry(4L, true);
        assertThat(drain(channel, queue)).containsExactly("b", "d");
    }

    /** What would go beyond the limit is refused, not only what comes when it is reached. */
    @Test
    void refusesWhatIsTooManyBytes() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length-bytes", 10, "x-overflow", "reject-publish"));
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "aaaa", "bbbbbbb", "cccccc", "d", "");

        assertThat(confirms.outcomes(5)).isEqualTo(Map.of(1L, true, 2L, false, 3L, true, 4L, false, 5L, true));
        assertThat(drain(channel, queue)).containsExactly("aaaa", "cccccc", "");
    }

    @Test
    void aLimitOfZeroRefusesEvenIfAConsumerWaits() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
        Deliveries deliveries = Deliveries.noAck(channel, queue);
        Confirms confirms = Confirms.select(channel);

        publish(channel, queue, "a");

        assertThat(confirms.outcomes(1)).containsEntry(1L, false);
        deliveries.assertNoMore();
    }

    @Test
    void refusesSilentlyWithoutConfirms() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));

        publish(channel, queue, "a", "b");

        awaitReady(channel, queue, 1);
        assertThat(drain(channel, queue)).containsExactly("a");
    }

    @Test
    void oneRefusalOfSeveralQueuesIsANack() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String full = broker.queue(channel, Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
        channel.queueBind(full, exchange, "");
        String other = broker.queueBoundTo(channel, exchange, "");
        Confirms confirms = Confirms.select(channel);

        channel.basicPublish(exchange, "", null, bytes("a"));

        assertThat(confirms.outcomes(1)).containsEntry(1L, false);
        assertThat(drain(channel, other)).containsExactly("a");
    }

    @Test
    void aCommitWithARefusalFailsAsPartial() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        channel.txSelect();

        publish(channel, queue, "a", "b");

        assertThatChannelCloses(channel, channel::txCommit, 406, "PRECONDITION_FAILED - partial tx completion", 90, 20);
        assertThat(drain(broker.channel(), queue)).containsExactly("a");
    }

    @Test
    void whatIsDroppedIsDeadLettered() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = broker.queue(channel, deadLetteringTo(target, "drop-head"));

        publish(channel, queue, "a", "b");

        awaitReady(channel, target, 1);
        assertDeadLetter(channel.basicGet(target, true), "a");
        assertThat(drain(channel, queue)).containsExactly("b");
    }

    @Test
    void whatIsRefusedIsDeadLetteredIfAskedFor() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String silent = broker.queue(channel, deadLetteringTo(target, "reject-publish"));
        String queue = broker.queue(channel, deadLetteringTo(target, "reject-publish-dlx"));

        publish(channel, silent, "a", "b");
        publish(channel, queue, "a", "c");

        awaitReady(channel, target, 1);
        assertDeadLetter(channel.basicGet(target, true), "c");
        assertThat(drain(channel, queue)).containsExactly("a");
    }

    private static void assertDeadLetter(GetResponse got, String body) {
        assertThat(got.getBody()).isEqualTo(bytes(body));
        assertThat(got.getProps().getHeaders().get("x-first-death-reason")).hasToString("maxlen");
    }

    private static Map<String, Object> deadLetteringTo(String queue, String overflow) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-max-length", 1);
        arguments.put("x-overflow", overflow);
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", queue);
        return arguments;
    }
}
