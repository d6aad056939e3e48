package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublisherConfirmsTests {
    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();

    @BeforeEach
    void select() {
        channel.declare("near");
        broker.connect(1).open().declare("far");
        channel.publish("near", "before select");
        client.turn(() -> channel.channel.confirmSelect());
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void acksTheTurnsPublishesTogether() {
        channel.publish("near", "a", "b", "c");
        assertThat(channel.output.log).containsExactly("ack 3 multiple");
        channel.publish("near", "d");
        assertThat(channel.output.log).containsExactly("ack 3 multiple", "ack 4");
    }

    @Test
    void acksWhenTheQueueOfAnotherLoopHasTakenIt() {
        channel.publish("far", "a", "b");
        assertThat(channel.output.log).isEmpty();
        broker.runAll();
        assertThat(channel.output.log).containsExactly("ack 2 multiple");
    }

    @Test
    void doesNotWaitForSlowerOnes() {
        channel.publish("far", "a");
        channel.publish("near", "b");
        assertThat(channel.output.log).containsExactly("ack 2");
        broker.runAll();
        assertThat(channel.output.log).containsExactly("ack 2", "ack 1");
    }

    @Test
    void returnsBeforeItAcks() {
        channel.publish("", "nowhere", BasicProperties.EMPTY, true, "a");
        assertThat(channel.output.log).containsExactly("return a", "ack 1");
    }

    @Test
    void acksWhatAQueueThatIsGoneTook() {
        var topology = channel.channel.topology();
        channel.publish("far", "a");
        client.request(() -> topology.deleteQueue("far", false, false));
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @Test
    void refusesWhatAFullQueueRefused() {
        client.open().declare("full", full());
        channel.publish("full", "a", "b", "c");
        channel.publish("near", "d");
        assertThat(channel.output.log).containsExactly("nack 1", "nack 2", "nack 3", "ack 4");
    }

    @Test
    void refusesWhatOneOfSeveralQueuesRefused() {
        broker.connect(1).open().declare("full", full());
        for (String queue : new String[] {"near", "far", "full"}) {
            client.request(() -> channel.channel.topology().bindQueue(queue, "amq.fanout", "", FieldTable.EMPTY));
        }
        channel.publish("amq.fanout", "", BasicProperties.EMPTY, false, "a");
        broker.runAll();
        assertThat(channel.output.log).containsExactly("nack 1");
        assertThat(channel.counts("near")).startsWith("[ready=2");
        assertThat(channel.counts("far")).startsWith("[ready=1");
    }

    @Test
    void saysNothingOfARefusalToWhoeverDidNotAsk() {
        TestChannel plain = client.open();
        plain.declare("full", full());
        plain.publish("full", "a");
        broker.runAll();
        assertThat(plain.output.log).isEmpty();
        assertThat(plain.counts("full")).startsWith("[ready=0");
    }

    private static FieldTable full() {
        return FieldTable.builder()
                .put("x-max-length", FieldValue.of(0))
                .put("x-overflow", FieldValue.of("reject-publish"))
                .build();
    }

    @Test
    void saysNothingMoreOnceTheChannelIsClosed() {
        channel.publish("far", "a");
        client.turn(channel.channel::close);
        broker.runAll();
        assertThat(channel.output.log).isEmpty();
        assertThat(channel.counts("far")).startsWith("[ready=1");
    }

    @Test
    void selectIsIdempotentAndExcludesTransactions() {
        channel.publish("near", "a");
        client.turn(() -> channel.channel.confirmSelect());
        channel.publish("near", "b");
        assertThat(channel.output.log).containsExactly("ack 1", "ack 2");
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> client.turn(() -> channel.channel.txSelect()))
                .satisfies(error -> assertThat(error.replyText())
                        .isEqualTo("PRECONDITION_FAILED - cannot switch from confirm to tx mode"));
    }
}
