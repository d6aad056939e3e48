package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a message leaves a durable queue ends its entry in the journal, once; whatever is none does not. */
class JournalSettlementTests {
    private final RestartableBroker restartable = new RestartableBroker();
    /** By which the journal knows the queue q. */
    private long id;

    @AfterEach
    void closeBroker() {
        restartable.close();
    }

    private TestChannel open(int loop) {
        return restartable.open(loop);
    }

    private void publish(String... bodies) {
        TestChannel channel = open(0);
        for (String body : bodies) {
            channel.publish("", "q", PERSISTENT, false, body);
        }
        restartable.broker().runAll();
    }

    /** Declares the queue q, which lives on loop 0. */
    private void declare() {
        declare(FieldTable.EMPTY, false);
    }

    private void declare(String argument, int value) {
        declare(FieldTable.builder().put(argument, FieldValue.of(value)).build(), false);
    }

    private void declare(FieldTable arguments, boolean autoDelete) {
        TestChannel channel = open(0);
        channel.client.request(() -> channel.channel.topology().declareQueue("q", true, false, autoDelete, arguments));
        id = restartable.broker().vhost().requireQueue("q").id();
    }

    private void declareWith(String... bodies) {
        declare();
        publish(bodies);
        restartable.awaitWritten();
    }

    /** A channel on a loop that has the messages a, b, c of the queue q unacked. */
    private TestChannel withThree(int loop) {
        declareWith("a", "b", "c");
        TestChannel channel = open(loop);
        channel.consume("q", "tag");
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
        return channel;
    }

    private <T extends @Nullable Object> T request(TestChannel channel, Supplier<CompletableFuture<T>> request) {
        return channel.client.request(request);
    }

    private void assertWritten(int count) {
        restartable.awaitWritten();
        assertThat(JournalContents.entries(restartable.messages(), id)).isEqualTo(count);
    }

    private void assertSettled(int count) {
        restartable.awaitWritten();
        // a queue is deleted by another thread, when the store has forgotten it
        restartable.await(() -> assertThat(JournalContents.settlements(restartable.messages(), id))
                .isEqualTo(count));
    }

    /** What the queue has after a clean end. */
    private List<String> left() {
        restartable.awaitWritten();
        restartable.restart();
        return restartable.drain("q").stream()
                .map(each -> each.replace("*", ""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAckSettles(int loop) {
        withThree(loop).ack(2, false);
        assertSettled(1);
        assertThat(left()).containsExactly("a", "c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAckOfSeveralSettlesEach(int loop) {
        withThree(loop).ack(2, true);
        assertSettled(2);
        assertThat(left()).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRejectSettles(int loop) {
        withThree(loop).nack(2, true, false);
        assertSettled(2);
        assertThat(left()).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRequeueDoesNot(int loop) {
        TestChannel channel = withThree(loop);
        channel.cancel("tag");
        channel.nack(2, true, true);
        assertSettled(0);
        assertThat(left()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theEndOfAChannelDoesNot(int loop) {
        withThree(loop).close();
        assertSettled(0);
        assertThat(left()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRequeuedMessageIsSettledOnceWhenItIsAcked(int loop) {
        TestChannel channel = withThree(loop);
        channel.nack(2, false, true);
        channel.ack(4, true);
        assertSettled(3);
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatSomebodyWaitsForWithoutAcknowledgementIsNeverWritten(int loop) {
        declare();
        TestChannel channel = open(loop);
        channel.consume("q", "tag", true);
        TestChannel publisher = restartable.confirming(loop);
        publisher.publish("", "q", PERSISTENT, false, "a");
        restartable.broker().runAll();
        assertThat(publisher.output.log).containsExactly("ack 1");
        assertThat(channel.bodies()).containsExactly("a");
        assertWritten(0);
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aHandOutWithoutAcknowledgementSettles(int loop) {
        declareWith("a", "b");
        open(loop).consume("q", "tag", true);
        assertSettled(2);
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aGetWithoutAcknowledgementSettles(int loop) {
        declareWith("a", "b");
        assertThat(open(loop).get("q", true)).isEqualTo("a");
        assertSettled(1);
        assertThat(left()).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatAClientDidNotReadWithoutAcknowledgementIsWrittenAgain(int loop) {
        declareWith("a", "b");
        TestChannel slow = open(loop);
        slow.client.writable(false);
        slow.consume("q", "tag", true);
        publish("c");
        assertThat(slow.bodies()).isEmpty();
        assertThat(slow.counts("q")).isEqualTo("[ready=0, unacked=0, consumers=1]");
        slow.close();
        publish("d");
        assertSettled(2);
        assertWritten(6);
        assertThat(left()).containsExactly("a", "b", "c", "d");
    }

    /** The first consumer of the channel that ends gives back what the queue then hands to the second. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatAnEndingChannelIsStillHandedWithoutAcknowledgementIsWrittenAgain(int loop) {
        declareWith("a", "b");
        TestChannel slow = open(loop);
        slow.client.writable(false);
        slow.consume("q", "first", true);
        slow.consume("q", "second", true);
        publish("c", "d");
        slow.close();
        assertThat(slow.counts("q")).isEqualTo("[ready=4, unacked=0, consumers=0]");
        restartable.awaitWritten();
        restartable.crash();
        assertThat(restartable.open(0).counts("q")).startsWith("[ready=4");
        assertThat(left()).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatCameBackIsSettledWhenItIsAcked(int loop) {
        declareWith("a", "b");
        TestChannel slow = open(loop);
        slow.client.writable(false);
        slow.consume("q", "tag", true);
        publish("c");
        slow.close();
        restartable.awaitWritten();
        TestChannel channel = open(1);
        channel.consume("q", "tag");
        channel.ack(3, true);
        assertSettled(5);
        assertThat(left()).isEmpty();
    }

    @Test
    void expirySettles() {
        declare("x-message-ttl", 1000);
        publish("a", "b");
        restartable.awaitWritten();
        restartable.advance(1000);
        assertSettled(2);
        assertThat(left()).isEmpty();
    }

    @Test
    void droppingTheHeadSettles() {
        declare("x-max-length", 2);
        publish("a", "b");
        restartable.awaitWritten();
        publish("c");
        assertSettled(1);
        assertThat(left()).containsExactly("b", "c");
    }

    @Test
    void aPurgeSettlesWhatIsReady() {
        TestChannel channel = withThree(1);
        channel.cancel("tag");
        channel.nack(2, false, true);
        publish("d");
        restartable.awaitWritten();
        assertThat(request(channel, () -> channel.channel.topology().purgeQueue("q")))
                .isEqualTo(2);
        assertSettled(2);
        channel.ack(1, false);
        assertSettled(3);
        assertThat(left()).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void deletionSettlesWhatIsReadyAndWhatIsUnackedOnceItIsAckedOrComesBack(int loop) {
        TestChannel channel = withThree(loop);
        channel.cancel("tag");
        channel.nack(1, false, true);
        request(channel, () -> channel.channel.topology().deleteQueue("q", false, false));
        assertSettled(1);
        channel.ack(2, false);
        assertSettled(2);
        channel.close();
        assertSettled(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void deletionDoesNotSettleAgainWhatComesBackFromAConsumerWithoutAcknowledgement(int loop) {
        declareWith("a", "b");
        TestChannel slow = open(loop);
        slow.client.writable(false);
        slow.consume("q", "tag", true);
        TestChannel other = open(0);
        request(other, () -> other.channel.topology().deleteQueue("q", false, false));
        assertSettled(2);
        slow.close();
        assertSettled(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void autoDeletionSettles(int loop) {
        declare(FieldTable.EMPTY, true);
        publish("a", "b");
        restartable.awaitWritten();
        TestChannel channel = open(loop);
        channel.qos(1, false);
        channel.consume("q", "tag");
        channel.close();
        assertSettled(2);
    }

    @Test
    void theExpiryOfTheQueueSettles() {
        declare("x-expires", 1000);
        publish("a", "b");
        restartable.awaitWritten();
        restartable.advance(1000);
        assertSettled(2);
    }

    @Test
    void aQueueOfOneConnectionIsNotWritten() {
        TestChannel channel = restartable.confirming(0);
        channel.declare("own", true, true, false);
        id = restartable.broker().vhost().requireQueue("own").id();
        channel.publish("", "own", PERSISTENT, false, "a");
        assertThat(channel.output.log).containsExactly("ack 1");
        assertWritten(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aTransactionSettlesWhenItIsCommitted(int loop) {
        TestChannel channel = withThree(loop);
        channel.client.turn(() -> channel.channel.txSelect());
        channel.ack(1, false);
        channel.nack(2, false, false);
        channel.ack(3, false);
        assertSettled(0);
        channel.client.turn(() -> channel.channel.txRollback());
        channel.ack(1, false);
        channel.nack(2, false, false);
        request(channel, () -> channel.channel.txCommit());
        assertSettled(2);
        assertThat(left()).containsExactly("c");
    }
}
