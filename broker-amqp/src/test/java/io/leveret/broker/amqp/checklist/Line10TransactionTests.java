package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More: {@code behaviour.TransactionTests}. */
@Tag("behaviour")
@DisplayName("13.10 Transactions")
class Line10TransactionTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    @DisplayName("commit: publishes and acks take effect together, and not before")
    void commit() throws IOException {
        Channel witness = broker.channel();
        String source = broker.queue(witness);
        String target = broker.queue(witness);
        TestBroker.publish(witness, source, "a");
        Channel channel = broker.channelOnNewConnection();
        channel.txSelect();
        Deliveries deliveries = Deliveries.of(channel, source);
        long tag = deliveries.nextTag();

        TestBroker.publish(channel, target, "b", "c");
        channel.basicAck(tag, false);
        assertThat(witness.messageCount(target)).isZero();
        channel.txCommit();

        assertThat(TestBroker.drain(witness, target)).containsExactly("b", "c");
        channel.getConnection().abort();
        assertThat(witness.messageCount(source)).as("the acked message").isZero();
    }

    @Test
    @DisplayName("rollback: publishes are dropped, what was acked is outstanding again and may be acked once more")
    void rollbackThenAckAgain() throws IOException {
        Channel witness = broker.channel();
        String source = broker.queue(witness);
        String target = broker.queue(witness);
        TestBroker.publish(witness, source, "a");
        Channel channel = broker.channelOnNewConnection();
        channel.txSelect();
        Deliveries deliveries = Deliveries.of(channel, source);
        long tag = deliveries.nextTag();

        TestBroker.publish(channel, target, "b");
        channel.basicAck(tag, false);
        channel.txRollback();
        assertThat(witness.messageCount(source)).as("not requeued").isZero();
        channel.basicAck(tag, false);
        channel.txCommit();

        channel.getConnection().abort();
        assertThat(witness.messageCount(source)).isZero();
        assertThat(witness.messageCount(target)).isZero();
    }

    @Test
    @DisplayName("closing without commit requeues acked and unacked, and drops publishes")
    void closeWithoutCommit() throws IOException {
        Channel witness = broker.channel();
        String source = broker.queue(witness);
        TestBroker.publish(witness, source, "a", "b");
        Channel channel = broker.channelOnNewConnection();
        channel.txSelect();
        Deliveries deliveries = Deliveries.of(channel, source);
        channel.basicAck(deliveries.nextTag(), false);
        deliveries.next();
        TestBroker.publish(channel, source, "never");

        channel.abort();

        TestBroker.awaitReady(witness, source, 2);
        assertThat(TestBroker.drain(witness, source)).containsExactly("a", "b");
    }

    @Test
    @DisplayName("unknown tag is an error at once")
    void unknownTag() throws IOException {
        Channel channel = broker.channel();
        channel.txSelect();

        assertThatChannelCloses(
                channel,
                () -> channel.basicAck(42, false),
                406,
                "PRECONDITION_FAILED - unknown delivery tag 42",
                60,
                80);
    }

    @Test
    @DisplayName("tag acked twice in one transaction is an error")
    void tagAckedTwice() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        TestBroker.awaitReady(channel, queue, 1);
        channel.txSelect();
        channel.basicGet(queue, false);
        channel.basicAck(1, false);

        assertThatChannelCloses(
                channel, () -> channel.basicAck(1, false), 406, "PRECONDITION_FAILED - unknown delivery tag 1", 60, 80);
    }

    @Test
    @DisplayName("commit and rollback without select are errors")
    void withoutSelect() throws IOException {
        for (int method : List.of(20, 30)) {
            Channel channel = broker.channel();
            assertThatChannelCloses(
                    channel,
                    () -> {
                        if (method == 20) {
                            channel.txCommit();
                        } else {
                            channel.txRollback();
                        }
                    },
                    406,
                    "PRECONDITION_FAILED - channel is not transactional",
                    90,
                    method);
        }
    }

    @Test
    @DisplayName("confirm and tx exclude one another, both ways")
    void mixedWithConfirm() throws IOException {
        Channel tx = broker.channel();
        tx.txSelect();
        tx.txSelect();
        assertThatChannelCloses(
                tx, tx::confirmSelect, 406, "PRECONDITION_FAILED - cannot switch from tx to confirm mode", 85, 10);

        Channel confirm = broker.channel();
        confirm.confirmSelect();
        confirm.confirmSelect();
        assertThatChannelCloses(
                confirm, confirm::txSelect, 406, "PRECONDITION_FAILED - cannot switch from confirm to tx mode", 90, 10);
    }
}
