package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.journal.UnsyncedCommitException;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a persistent message on a durable queue is confirmed: by a publisher on loop 0, to queues of both loops. */
class DurableConfirmTests {
    private static final String ALL = "amq.fanout";

    private final RestartableBroker restartable = new RestartableBroker();
    private TestChannel channel;

    @BeforeEach
    void declareQueues() {
        restartable.declare(0, "queue of loop 0");
        restartable.declare(1, "queue of loop 1");
        restartable.open(0).declare("transient");
        channel = restartable.confirming(0);
        for (String queue : new String[] {"queue of loop 0", "queue of loop 1", "transient"}) {
            channel.client.request(() -> channel.channel.topology().bindQueue(queue, ALL, "", FieldTable.EMPTY));
        }
        restartable.awaitWritten();
    }

    @AfterEach
    void closeBroker() {
        restartable.close();
    }

    private void publish(String exchange, String key, String body) {
        channel.publish(exchange, key, PERSISTENT, false, body);
        restartable.broker().runAll();
    }

    /** Publishes while no commit ends. */
    private void publishUnwritten(String queue, String body) {
        restartable.messages().blockCommits();
        publish("", queue, body);
        assertThat(channel.output.log).isEmpty();
    }

    private void awaitLog(String... lines) {
        restartable.await(() -> assertThat(channel.output.log).containsExactly(lines));
    }

    private void declare(String queue, String argument, int value) {
        channel.client.request(() -> channel.channel
                .topology()
                .declareQueue(
                        queue,
                        true,
                        false,
                        false,
                        FieldTable.builder().put(argument, FieldValue.of(value)).build()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesAfterTheCommit(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        restartable.messages().releaseCommits();
        awaitLog("ack 1");
        restartable.crash();
        assertThat(restartable.drain("queue of loop " + loop)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesOnceForAllThatACommitHasWritten(int loop) {
        restartable.messages().blockCommits();
        for (int i = 0; i < 200; i++) {
            publish("", "queue of loop " + loop, "" + i);
        }
        assertThat(channel.output.log).isEmpty();
        restartable.messages().releaseCommits();
        restartable.await(() -> assertThat(channel.output.log).last().asString().startsWith("ack 200"));
        assertThat(channel.output.log).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void waitsForAllQueues() {
        restartable.messages().blockCommits();
        publish(ALL, "", "a");
        assertThat(channel.output.log).isEmpty();
        restartable.messages().releaseCommits();
        awaitLog("ack 1");
    }

    @Test
    void ofATransientMessageDoesNotWait() {
        publishUnwritten("queue of loop 0", "a");
        channel.publish(ALL, "", BasicProperties.EMPTY, false, "b");
        restartable.broker().runAll();
        assertThat(channel.output.log).containsExactly("ack 2");
        channel.publish("", "transient", PERSISTENT, false, "c");
        restartable.broker().runAll();
        assertThat(channel.output.log).containsExactly("ack 2", "ack 3");
        restartable.messages().releaseCommits();
        awaitLog("ack 2", "ack 3", "ack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesAtOnceWhenAConsumerHasAcked(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        TestChannel consumer = restartable.open(1);
        consumer.consume("queue of loop " + loop, "tag");
        consumer.ack(1, false);
        assertThat(channel.output.log).containsExactly("ack 1");
        restartable.messages().releaseCommits();
        restartable.awaitWritten();
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesAtOnceWhenItIsTakenWithoutAcknowledgement(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        assertThat(restartable.open(1).get("queue of loop " + loop, true)).isEqualTo("a");
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesAtOnceWhenItIsRejected(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        TestChannel consumer = restartable.open(0);
        consumer.consume("queue of loop " + loop, "tag");
        consumer.nack(1, false, false);
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @Test
    void doesNotComeWhenItIsRequeued() {
        publishUnwritten("queue of loop 0", "a");
        TestChannel consumer = restartable.open(0);
        consumer.consume("queue of loop 0", "tag");
        consumer.nack(1, false, true);
        consumer.close();
        assertThat(channel.output.log).isEmpty();
        restartable.messages().releaseCommits();
        awaitLog("ack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesAtOnceWhenTheQueueIsPurged(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        TestChannel other = restartable.open(0);
        other.client.request(() -> other.channel.topology().purgeQueue("queue of loop " + loop));
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesAtOnceWhenTheQueueIsDeleted(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        TestChannel other = restartable.open(0);
        other.client.request(() -> other.channel.topology().deleteQueue("queue of loop " + loop, false, false));
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @Test
    void comesAtOnceWhenItExpires() {
        declare("expiring", "x-message-ttl", 1000);
        publishUnwritten("expiring", "a");
        restartable.advance(1000);
        assertThat(channel.output.log).containsExactly("ack 1");
    }

    @Test
    void comesAtOnceForWhatMayNotStay() {
        declare("no time", "x-message-ttl", 0);
        declare("no room", "x-max-length", 0);
        restartable.awaitWritten();
        restartable.messages().blockCommits();
        publish("", "no time", "a");
        publish("", "no room", "b");
        assertThat(channel.output.log).containsExactly("ack 1", "ack 2");
    }

    @Test
    void comesAtOnceForWhatIsDropped() {
        declare("short", "x-max-length", 1);
        publishUnwritten("short", "a");
        publish("", "short", "b");
        assertThat(channel.output.log).containsExactly("ack 1");
        restartable.messages().releaseCommits();
        awaitLog("ack 1", "ack 2");
    }

    @Test
    void comesAfterTheReturn() {
        restartable.messages().blockCommits();
        channel.publish(ALL, "", PERSISTENT, true, "routed");
        channel.publish("", "nowhere", PERSISTENT, true, "unroutable");
        restartable.broker().runAll();
        assertThat(channel.output.log).containsExactly("return unroutable", "ack 2");
        restartable.messages().releaseCommits();
        awaitLog("return unroutable", "ack 2", "ack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isForgottenWhenTheChannelEnds(int loop) {
        publishUnwritten("queue of loop " + loop, "a");
        channel.close();
        restartable.messages().releaseCommits();
        restartable.awaitWritten();
        assertThat(channel.output.log).isEmpty();
        restartable.crash();
        assertThat(restartable.drain("queue of loop " + loop)).hasSize(1);
    }

    private void failNextSync() {
        restartable
                .messages()
                .failNextCommits(1, new UnsyncedCommitException("not synced", new IllegalStateException()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isRefusedWhenNobodyKnowsWhetherItIsStored(int loop) {
        failNextSync();
        publish("", "queue of loop " + loop, "a");
        awaitLog("nack 1");
        publish("", "queue of loop " + loop, "b");
        awaitLog("nack 1", "ack 2");
        restartable.awaitWritten();
        restartable.crash();
        assertThat(restartable.drain("queue of loop " + loop))
                .as("it was tried again")
                .containsExactly("a*", "b*");
    }

    @Test
    void isRefusedOnceWhenOneQueueOfSeveralRefuses() {
        restartable.messages().blockCommits();
        publish("", "queue of loop 0", "keeps the commits of loop 0 and 1 apart");
        failNextSync();
        publish(ALL, "", "b");
        restartable.messages().releaseCommits();
        restartable.await(() -> assertThat(channel.output.log).hasSizeGreaterThanOrEqualTo(2));
        restartable.awaitWritten();
        assertThat(channel.output.log).hasSize(2).contains("nack 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void waitsWhileTheStoreIsGone(int loop) {
        restartable.messages().failNextCommits(3, new JournalException("gone", null));
        publish("", "queue of loop " + loop, "a");
        awaitLog("ack 1");
        assertThat(restartable.messages().triedCommits()).isGreaterThanOrEqualTo(4);
    }

    // ---- transactions

    private TestChannel transactional(int loop) {
        TestChannel tx = restartable.open(loop);
        tx.client.turn(() -> tx.channel.txSelect());
        return tx;
    }

    private CompletableFuture<Void> commit(TestChannel tx) {
        CompletableFuture<Void> committed = tx.client.turn(() -> tx.channel.txCommit());
        restartable.broker().runAll();
        return committed;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitIsAnsweredWhenAllIsStored(int loop) {
        restartable.messages().blockCommits();
        TestChannel tx = transactional(loop);
        tx.publish(ALL, "", PERSISTENT, false, "a");
        CompletableFuture<Void> committed = commit(tx);
        assertThat(committed).isNotDone();
        restartable.messages().releaseCommits();
        restartable.broker().await(committed);
        restartable.crash();
        assertThat(restartable.drain("queue of loop 0")).hasSize(1);
        assertThat(restartable.drain("queue of loop 1")).hasSize(1);
    }

    /** Otherwise a crash between two commits of the journal loses the one and has not got the other. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitSettlesWhenWhatItPublishesIsStored(int loop) {
        publish("", "queue of loop 0", "work");
        restartable.awaitWritten();
        TestChannel tx = transactional(loop);
        tx.consume("queue of loop 0", "tag");
        restartable.messages().blockCommits();
        tx.publish("", "queue of loop 1", PERSISTENT, false, "result");
        tx.ack(1, false);
        CompletableFuture<Void> committed = commit(tx);
        assertThat(committed).isNotDone();
        assertThat(tx.counts("queue of loop 0")).isEqualTo("[ready=0, unacked=1, consumers=1]");
        restartable.messages().releaseCommits();
        restartable.broker().await(committed);
        assertThat(tx.counts("queue of loop 0")).isEqualTo("[ready=0, unacked=0, consumers=1]");
        restartable.awaitWritten();
        restartable.crash();
        assertThat(restartable.drain("queue of loop 0")).isEmpty();
        assertThat(restartable.drain("queue of loop 1")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aChannelThatEndsDuringItsCommitGivesItsDeliveriesBack(int loop) {
        publish("", "queue of loop 0", "work");
        restartable.awaitWritten();
        TestChannel tx = transactional(loop);
        tx.consume("queue of loop 0", "tag");
        restartable.messages().blockCommits();
        tx.publish("", "queue of loop 1", PERSISTENT, false, "result");
        tx.ack(1, false);
        CompletableFuture<Void> committed = commit(tx);
        tx.close();
        assertThat(committed).isCompletedExceptionally();
        restartable.messages().releaseCommits();
        restartable.awaitWritten();
        assertThat(restartable.drain("queue of loop 0")).containsExactly("work*");
        assertThat(restartable.drain("queue of loop 1")).containsExactly("result");
    }

    @Test
    void aCommitThatAQueueRefusesAnswersWhenTheRestIsStored() {
        channel.client.request(() -> channel.channel
                .topology()
                .declareQueue(
                        "full",
                        true,
                        false,
                        false,
                        FieldTable.builder()
                                .put("x-max-length", FieldValue.of(0))
                                .put("x-overflow", FieldValue.of("reject-publish"))
                                .build()));
        restartable.messages().blockCommits();
        TestChannel tx = transactional(0);
        tx.publish("", "full", PERSISTENT, false, "a");
        tx.publish("", "queue of loop 0", PERSISTENT, false, "b");
        CompletableFuture<Void> committed = commit(tx);
        assertThat(committed).isNotDone();
        restartable.messages().releaseCommits();
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> restartable.broker().await(committed))
                .satisfies(error ->
                        assertThat(error.replyText()).isEqualTo("PRECONDITION_FAILED - partial tx completion"));
        restartable.crash();
        assertThat(restartable.drain("queue of loop 0")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitThatIsNotStoredSettlesNothing(int loop) {
        publish("", "queue of loop 0", "work");
        restartable.awaitWritten();
        TestChannel tx = transactional(loop);
        tx.consume("queue of loop 0", "tag");
        failNextSync();
        tx.publish("", "queue of loop 1", PERSISTENT, false, "result");
        tx.ack(1, false);
        CompletableFuture<Void> committed = commit(tx);
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> restartable.broker().await(committed))
                .satisfies(error ->
                        assertThat(error.replyText()).isEqualTo("PRECONDITION_FAILED - partial tx completion"));
        tx.close();
        assertThat(restartable.drain("queue of loop 0")).containsExactly("work*");
    }
}
