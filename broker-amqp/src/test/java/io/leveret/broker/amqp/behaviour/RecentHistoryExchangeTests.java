package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class RecentHistoryExchangeTests {
    private static final String TYPE = "x-recent-history";
    private static final String LENGTH = "x-recent-history-length";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    private static void publish(Channel channel, String exchange, int from, int to) throws IOException {
        for (int i = from; i <= to; i++) {
            channel.basicPublish(exchange, "k" + i, null, TestBroker.bytes("m" + i));
        }
    }

    private static List<String> bodies(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "m" + i).toList();
    }

    @Test
    void aNewQueueGetsTheLastTwentyMessages() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE);
        String early = broker.queueBoundTo(channel, exchange, "any");
        publish(channel, exchange, 1, 25);
        String late = broker.queueBoundTo(channel, exchange, "");

        assertThat(TestBroker.drain(channel, early)).isEqualTo(bodies(1, 25));
        assertThat(TestBroker.drain(channel, late)).isEqualTo(bodies(6, 25));
        publish(channel, exchange, 26, 26);
        assertThat(TestBroker.drain(channel, late)).isEqualTo(bodies(26, 26));
    }

    @Test
    void keepsAsManyAsTheArgumentSays() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE, Map.of(LENGTH, 2));
        publish(channel, exchange, 1, 5);
        assertThat(TestBroker.drain(channel, broker.queueBoundTo(channel, exchange, "")))
                .isEqualTo(bodies(4, 5));
    }

    @Test
    void aQueueBehindANewExchangeGetsThemNewestFirst() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE);
        String next = broker.exchange(channel, "topic");
        String queue = broker.queueBoundTo(channel, next, "#");
        publish(channel, exchange, 1, 3);
        channel.exchangeBind(next, exchange, "");
        TestBroker.awaitReady(channel, queue, 3);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("m3", "m2", "m1");
    }

    @Test
    void doesNotKeepWhatMustNotBeStored() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE);
        AMQP.BasicProperties noStore = new AMQP.BasicProperties.Builder()
                .headers(Map.of("x-recent-history-no-store", true))
                .build();
        publish(channel, exchange, 1, 1);
        channel.basicPublish(exchange, "", noStore, TestBroker.bytes("secret"));
        publish(channel, exchange, 2, 2);
        assertThat(TestBroker.drain(channel, broker.queueBoundTo(channel, exchange, "")))
                .isEqualTo(bodies(1, 2));
    }

    @Test
    void refusesALengthThatIsNoPositiveInteger() throws IOException {
        assertThatLengthIsRefused(0, "0");
        assertThatLengthIsRefused("ten", "<<\"ten\">>");
    }

    private void assertThatLengthIsRefused(Object length, String printed) throws IOException {
        Channel channel = broker.channel();
        assertThatChannelCloses(
                channel,
                () -> broker.exchange(channel, TYPE, Map.of(LENGTH, length)),
                406,
                "PRECONDITION_FAILED - Invalid argument " + printed
                        + ", 'x-recent-history-length' must be a positive integer",
                40,
                10);
    }
}
