package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTests {
    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();

    @BeforeEach
    void select() {
        channel.declare("near");
        broker.connect(1).open().declare("far");
        client.turn(() -> channel.channel.txSelect());
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void publishesAtCommit() {
        channel.publish("near", "a");
        channel.publish("far", "b");
        broker.runAll();
        assertReady(0, 0);
        CompletableFuture<Void> committed = client.turn(() -> channel.channel.txCommit());
        assertThat(committed).as("the queue of another loop has not answered").isNotDone();
        broker.await(committed);
        assertReady(1, 1);
    }

    @Test
    void anEmptyCommitIsDoneAtOnce() {
        assertThat(client.turn(() -> channel.channel.txCommit())).isCompleted();
    }

    @Test
    void routesAtPublishAndReturnsAtCommit() {
        channel.publish("", "later", BasicProperties.EMPTY, true, "a");
        channel.declare("later");
        assertThat(channel.output.log).isEmpty();
        commit();
        assertThat(channel.output.log).containsExactly("return a");
        assertThat(channel.counts("later")).startsWith("[ready=0");
    }

    @Test
    void rollbackDropsPublishes() {
        channel.publish("near", "a");
        rollback();
        commit();
        assertReady(0, 0);
    }

    @Test
    void acksCountAtCommit() {
        deliverThree();
        channel.ack(2, true);
        assertThat(channel.counts("near")).isEqualTo("[ready=0, unacked=3, consumers=1]");
        commit();
        assertThat(channel.counts("near")).isEqualTo("[ready=0, unacked=1, consumers=1]");
    }

    @Test
    void anUnknownTagIsRefusedAtOnce() {
        deliverThree();
        channel.ack(2, false);
        assertRefused(() -> channel.ack(2, false), "unknown delivery tag 2");
        assertRefused(() -> channel.ack(4, true), "unknown delivery tag 4");
    }

    @Test
    void rollbackMakesSettledDeliveriesOutstandingAgain() {
        deliverThree();
        channel.ack(3, false);
        channel.nack(1, false, true);
        rollback();
        assertThat(channel.bodies()).as("nothing was requeued").hasSize(3);
        channel.ack(3, true);
        commit();
        assertThat(channel.counts("near")).isEqualTo("[ready=0, unacked=0, consumers=1]");
    }

    @Test
    void requeuesAtCommit() {
        deliverThree();
        channel.nack(2, true, true);
        assertThat(channel.bodies()).hasSize(3);
        commit();
        assertThat(channel.output.log).endsWith("deliver 4 a to c again", "deliver 5 b to c again");
    }

    @Test
    void rejectsAtCommit() {
        channel.declare("dead");
        channel.declare(
                "dying",
                FieldTable.builder()
                        .put("x-dead-letter-exchange", FieldValue.of(""))
                        .put("x-dead-letter-routing-key", FieldValue.of("dead"))
                        .build());
        client.open().publish("dying", "a", "b", "c");
        channel.consume("dying", "c");
        channel.nack(2, true, false);
        channel.nack(3, false, false);
        assertThat(channel.counts("dead")).startsWith("[ready=0");
        commit();
        assertThat(channel.counts("dying")).isEqualTo("[ready=0, unacked=0, consumers=1]");
        TestChannel other = client.open();
        assertThat(other.get("dead", true)).isEqualTo("a");
        assertThat(other.get("dead", true)).isEqualTo("b");
        assertThat(other.get("dead", true)).isEqualTo("c");
    }

    @Test
    void rollbackTakesBackARejection() {
        deliverThree();
        channel.nack(2, false, false);
        rollback();
        channel.nack(2, false, true);
        commit();
        assertThat(channel.output.log).endsWith("deliver 4 b to c again");
    }

    @Test
    void aCommitThatAQueueRefusedIsPartial() {
        FieldTable one = FieldTable.builder()
                .put("x-max-length", FieldValue.of(1))
                .put("x-overflow", FieldValue.of("reject-publish"))
                .build();
        channel.declare("one", one);
        broker.connect(1).open().declare("one far", one);
        channel.publish("one", "a");
        channel.publish("one far", "a");
        commit();
        for (String queue : new String[] {"one", "one far"}) {
            channel.publish("near", "kept");
            channel.publish(queue, "b");
            assertRefused(this::commit, "partial tx completion");
        }
        assertReady(2, 0);
    }

    @Test
    void recoverLeavesOutWhatIsSettledInTheTransaction() {
        deliverThree();
        channel.ack(2, false);
        client.turn(() -> channel.channel.recover(true));
        assertThat(channel.bodies()).containsExactly("a", "b", "c", "a", "c");
        commit();
        assertThat(channel.counts("near")).isEqualTo("[ready=0, unacked=2, consumers=1]");
    }

    @Test
    void closingDropsPublishesAndGivesEveryDeliveryBack() {
        deliverThree();
        channel.publish("near", "x");
        channel.ack(2, false);
        channel.close();
        assertThat(channel.counts("near")).isEqualTo("[ready=3, unacked=0, consumers=0]");
        TestChannel other = client.open();
        assertThat(other.get("near", true)).isEqualTo("a*");
        assertThat(other.get("near", true)).isEqualTo("b*");
        assertThat(other.get("near", true)).isEqualTo("c*");
    }

    @Test
    void aNewTransactionBeginsAfterEachCommit() {
        channel.publish("near", "a");
        commit();
        channel.publish("near", "b");
        assertReady(1, 0);
        commit();
        assertReady(2, 0);
    }

    @Test
    void refusesCommitAndRollbackWithoutSelect() {
        TestChannel plain = client.open();
        assertRefused(() -> client.turn(() -> plain.channel.txCommit()), "channel is not transactional");
        assertRefused(() -> client.turn(() -> plain.channel.txRollback()), "channel is not transactional");
    }

    @Test
    void selectIsIdempotentAndExcludesConfirms() {
        channel.publish("near", "a");
        client.turn(() -> channel.channel.txSelect());
        commit();
        assertReady(1, 0);
        assertRefused(
                () -> client.turn(() -> channel.channel.confirmSelect()), "cannot switch from tx to confirm mode");
    }

    private void deliverThree() {
        TestChannel plain = client.open();
        plain.publish("near", "a", "b", "c");
        channel.consume("near", "c");
        assertThat(channel.bodies()).hasSize(3);
    }

    private void commit() {
        client.request(() -> channel.channel.txCommit());
    }

    private void rollback() {
        client.turn(() -> channel.channel.txRollback());
        broker.runAll();
    }

    private void assertReady(int near, int far) {
        assertThat(channel.counts("near")).startsWith("[ready=" + near + ",");
        assertThat(channel.counts("far")).startsWith("[ready=" + far + ",");
    }

    private static void assertRefused(ThrowingCallable request, String text) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(request)
                .satisfies(error -> assertThat(error.replyText()).isEqualTo("PRECONDITION_FAILED - " + text));
    }
}
