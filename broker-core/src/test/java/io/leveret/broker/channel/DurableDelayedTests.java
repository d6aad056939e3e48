package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Messages;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits in a durable exchange of type x-delayed-message is there again after a restart, and due when it was to be due. */
class DurableDelayedTests {
    private final RestartableBroker restartable = new RestartableBroker();
    private long exchange;

    @AfterEach
    void closeBroker() {
        restartable.close();
    }

    /** An exchange and, on a loop, a queue bound to it. */
    private void declare(int loop, boolean durable) {
        TestBroker broker = restartable.broker();
        FieldTable fanout = FieldTable.of(Map.of("x-delayed-type", FieldValue.of("fanout")));
        exchange = broker.await(broker.vhost()
                        .declareExchange(
                                new ExchangeDeclaration("delayed", "x-delayed-message", durable, false, false, fanout)))
                .id();
        restartable.declare(loop, "q");
        broker.await(broker.vhost().bind(new BindingRequest("delayed", "q", true, "", FieldTable.EMPTY, null)));
    }

    private static BasicProperties delay(BasicProperties properties, long millis) {
        return properties.toBuilder()
                .headers(FieldTable.of(Map.of("x-delay", FieldValue.of((int) millis))))
                .build();
    }

    private void publish(BasicProperties properties, long millis, String body) {
        TestChannel channel = restartable.confirming(1);
        channel.publish("delayed", "", delay(properties, millis), false, body);
        restartable.await(() -> assertThat(channel.output.log).containsExactly("ack 1"));
    }

    private int ready() {
        String counts = restartable.open(0).counts("q");
        return Integer.parseInt(counts.replaceFirst("\\[ready=(\\d+),.*", "$1"));
    }

    private List<String> left() {
        return restartable.drain("q").stream()
                .map(each -> each.replace("*", ""))
                .toList();
    }

    private void awaitSettled(int count) {
        restartable.await(() -> assertThat(JournalContents.settlements(restartable.messages(), exchange))
                .isEqualTo(count));
        restartable.awaitWritten();
        assertThat(JournalContents.settlements(restartable.messages(), exchange))
                .isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void confirmsWhenTheMessageIsStored(int loop) {
        declare(0, true);
        TestChannel channel = restartable.confirming(loop);
        restartable.messages().blockCommits();
        channel.publish("delayed", "", delay(PERSISTENT, 1_000), false, "a");
        restartable.await(
                () -> assertThat(restartable.messages().waitingCommits()).isPositive());
        assertThat(channel.output.log).isEmpty();
        restartable.messages().releaseCommits();
        restartable.await(() -> assertThat(channel.output.log).containsExactly("ack 1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aTransactionIsCommittedWhenTheMessageIsStored(int loop) {
        declare(0, true);
        TestChannel channel = restartable.open(loop);
        channel.client.turn(channel.channel::txSelect);
        channel.publish("delayed", "", delay(PERSISTENT, 1_000), false, "a");
        restartable.messages().blockCommits();
        CompletableFuture<Void> committed = channel.client.turn(channel.channel::txCommit);
        restartable.await(
                () -> assertThat(restartable.messages().waitingCommits()).isPositive());
        assertThat(committed).isNotDone();
        restartable.messages().releaseCommits();
        restartable.broker().await(committed);
        restartable.crash();
        restartable.advance(1_000);
        assertThat(left()).containsExactly("a");
    }

    @Test
    void whatIsRolledBackIsNotHeldBack() {
        declare(0, true);
        TestChannel channel = restartable.open(0);
        channel.client.turn(channel.channel::txSelect);
        channel.publish("delayed", "", delay(PERSISTENT, 1_000), false, "a");
        channel.client.turn(channel.channel::txRollback);
        restartable.advance(1_000);
        assertThat(left()).isEmpty();
    }

    @Test
    void whatIsHeldBackCountsAsRoutedNowhere() {
        declare(0, true);
        TestChannel channel = restartable.confirming(0);
        channel.publish("delayed", "", delay(PERSISTENT, 1_000), true, "a");
        restartable.await(() -> assertThat(channel.output.log).containsExactly("return a", "ack 1"));
    }

    @Test
    void aRestartDoesNotBeginTheDelayAnew() {
        declare(1, true);
        publish(PERSISTENT, 30_000, "a");
        restartable.advance(10_000);
        restartable.restartAfter(5_000);
        restartable.advance(14_999);
        assertThat(ready()).isZero();
        restartable.advance(1);
        assertThat(left()).containsExactly("a");
    }

    @Test
    void whatFellDueWhileThereWasNoBrokerComesAtOnceInOrder() {
        declare(1, true);
        publish(PERSISTENT, 3_000, "last");
        publish(PERSISTENT, 2_000, "second");
        publish(PERSISTENT, 2_000, "third");
        publish(PERSISTENT, 1_000, "first");
        publish(PERSISTENT, 90_000, "later");
        restartable.restartAfter(60_000);
        assertThat(left()).containsExactly("first", "second", "third", "last");
        restartable.advance(30_000);
        assertThat(left()).containsExactly("later");
    }

    @Test
    void changesNothingElseOfAMessage() {
        declare(0, true);
        BasicProperties properties = PERSISTENT.toBuilder()
                .priority(3)
                .contentType("text/plain")
                .expiration("60000")
                .messageId("id")
                .build();
        publish(properties, 1_000, "a");
        restartable.restart();
        restartable.advance(1_000);
        TestChannel channel = restartable.open(0);
        Fetched fetched = channel.client.request(() -> channel.channel.get("q", true));
        assertThat(fetched).isNotNull();
        assertThat(fetched.redelivered()).isFalse();
        assertThat(Messages.properties(fetched.message())).isEqualTo(delay(properties, -1_000));
        assertThat(fetched.message().exchange()).isEqualTo("delayed");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theExchangeHasItUntilTheQueueHasStoredIt(int loop) {
        declare(loop, true);
        publish(PERSISTENT, 1_000, "a");
        restartable.messages().blockCommits();
        restartable.advance(1_000);
        restartable.await(
                () -> assertThat(restartable.messages().waitingCommits()).isPositive());
        assertThat(ready()).isEqualTo(1);
        restartable.crash();
        restartable.await(() -> assertThat(ready()).isEqualTo(1));
        awaitSettled(1);
        restartable.crash();
        assertThat(left()).containsExactly("a");
    }

    @Test
    void whatFallsDueWhileTheBrokerStopsWaitsForTheNextStart() {
        declare(0, true);
        publish(PERSISTENT, 1_000, "a");
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost().stopSendingOn());
        restartable.advance(1_000);
        assertThat(ready()).isZero();
        restartable.restart();
        assertThat(left()).containsExactly("a");
    }

    @Test
    void transientMessagesAreKeptAsWellButNobodyWaits() {
        declare(0, true);
        TestChannel channel = restartable.confirming(1);
        restartable.messages().blockCommits();
        channel.publish("delayed", "", delay(BasicProperties.EMPTY, 1_000), false, "a");
        restartable.await(() -> assertThat(channel.output.log).containsExactly("ack 1"));
        restartable.restart();
        restartable.advance(1_000);
        assertThat(ready()).isEqualTo(1);
        awaitSettled(1);
        restartable.restart();
        assertThat(left()).as("transient in the queue").isEmpty();
    }

    @Test
    void aTransientExchangeStoresNothing() {
        declare(0, false);
        TestChannel channel = restartable.confirming(0);
        restartable.messages().blockCommits();
        channel.publish("delayed", "", delay(PERSISTENT, 1_000), false, "a");
        restartable.await(() -> assertThat(channel.output.log).containsExactly("ack 1"));
        restartable.messages().releaseCommits();
        restartable.awaitWritten();
        assertThat(JournalContents.entries(restartable.messages(), exchange)).isZero();
    }

    @Test
    void whatADeletedExchangeHeldBackIsOver() {
        declare(0, true);
        publish(PERSISTENT, 1_000, "a");
        publish(PERSISTENT, 2_000, "b");
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost().deleteExchange("delayed", false));
        awaitSettled(2);
        restartable.advance(2_000);
        assertThat(left()).isEmpty();
        declare(0, true);
        restartable.restartAfter(2_000);
        assertThat(left()).isEmpty();
    }

    @Test
    void aDeadLetterMayWaitThere() {
        declare(0, true);
        FieldTable arguments = FieldTable.builder()
                .put("x-dead-letter-exchange", FieldValue.of("delayed"))
                .put("x-message-ttl", FieldValue.of(1_000))
                .build();
        TestChannel channel = restartable.open(1);
        // of the same name as the exchange, which makes it no cycle
        channel.client.request(() -> channel.channel.topology().declareQueue("delayed", true, false, false, arguments));
        TestChannel publisher = restartable.confirming(0);
        publisher.publish("", "delayed", delay(PERSISTENT, 5_000), false, "a");
        restartable.await(() -> assertThat(publisher.output.log).containsExactly("ack 1"));
        restartable.advance(1_000);
        long queue = restartable.broker().vhost().requireQueue("delayed").id();
        restartable.await(() -> assertThat(JournalContents.settlements(restartable.messages(), queue))
                .isEqualTo(1));
        restartable.crash();
        assertThat(ready()).isZero();
        restartable.advance(5_000);
        assertThat(left()).containsExactly("a");
    }
}
