package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Messages;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a channel reaches the firehose, and when. */
class TracingTests {
    private final TestBroker broker = new TestBroker();
    private final TestChannel listener = broker.connect(0).open();
    private final TestChannel channel = broker.connect(0).open();

    @BeforeEach
    void listen() {
        listener.declare("firehose");
        listener.client.request(
                () -> listener.channel.topology().bindQueue("firehose", "amq.rabbitmq.trace", "#", FieldTable.EMPTY));
        listener.consume("firehose", "f", true);
        broker.vhost().setTraced(true);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void copiesPublishesAndDeliveriesInTheirOrder(int loop) {
        broker.connect(loop).open().declare("q");
        channel.consume("q", "c");

        channel.publish("q", "a", "b");
        broker.runAll();

        assertThat(channel.bodies()).containsExactly("a", "b");
        assertThat(keys()).containsExactlyInAnyOrder("publish.", "deliver.q", "publish.", "deliver.q");
        assertThat(bodiesOf("publish.")).containsExactly("a", "b");
        assertThat(bodiesOf("deliver.q")).containsExactly("a", "b");
    }

    @Test
    void copiesTheSameMessageWhetherOrNotItsRouteIsRemembered() {
        channel.declare("q");
        channel.publish("q", "a");
        channel.publish("q", "b");
        channel.publish("nowhere", "c");
        broker.runAll();

        assertThat(bodiesOf("publish.")).containsExactly("a", "b", "c");
    }

    @Test
    void copiesWhatAQueueGivesToEachGet() {
        channel.declare("q");
        channel.publish("q", "a");
        assertThat(channel.get("q", false)).isEqualTo("a");
        channel.nack(1, false, true);
        assertThat(channel.get("q", true)).isEqualTo("a*");
        assertThat(channel.get("q", true)).isNull();
        broker.runAll();

        assertThat(bodiesOf("deliver.q")).containsExactly("a", "a");
    }

    @Test
    void copiesPublishesOfATransactionBeforeItsCommit() {
        channel.declare("q");
        channel.client.turn(channel.channel::txSelect);
        channel.publish("q", "a");
        broker.runAll();
        assertThat(bodiesOf("publish.")).containsExactly("a");
        channel.client.turn(channel.channel::txRollback);
        assertThat(channel.get("q", true)).isNull();
    }

    @Test
    void copiesRepliesAsDeliveriesOfTheirAddress() {
        channel.consume("amq.rabbitmq.reply-to", "r", true);
        String address = channel.channel.replyName();

        listener.publish("", address, BasicProperties.EMPTY, false, "reply");
        broker.runAll();

        assertThat(channel.bodies()).containsExactly("reply");
        assertThat(bodiesOf("deliver." + address)).containsExactly("reply");
    }

    @Test
    void copiesNothingOnceItIsTurnedOff() {
        channel.declare("q");
        channel.publish("q", "a");
        broker.vhost().setTraced(false);
        channel.publish("q", "b");
        broker.runAll();

        assertThat(bodiesOf("publish.")).containsExactly("a");
    }

    @Test
    void copiesTellTheConnection() {
        channel.publish("nowhere", "a");
        broker.runAll();

        FieldTable headers =
                Messages.properties(listener.output.last().message()).headers();
        assertThat(headers).isNotNull();
        assertThat(headers.get("connection")).isEqualTo(FieldValue.of("client -> broker"));
        assertThat(headers.get("node")).isEqualTo(FieldValue.of("test"));
        assertThat(headers.get("user")).isEqualTo(FieldValue.of("guest"));
        assertThat(headers.get("channel")).isEqualTo(FieldValue.of(1));
    }

    private List<String> keys() {
        return listener.output.deliveries.stream()
                .map(copy -> copy.message().routingKey())
                .toList();
    }

    private List<String> bodiesOf(String key) {
        return listener.output.deliveries.stream()
                .filter(copy -> copy.message().routingKey().equals(key))
                .map(RecordingOutput.Delivery::body)
                .toList();
    }
}
