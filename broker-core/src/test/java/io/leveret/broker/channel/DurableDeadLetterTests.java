package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that died is in its queue or where its letter went, or in both, whenever the process ends. */
class DurableDeadLetterTests {
    private static final FieldTable TO_DEAD = deadLettering("", "dead");

    private final RestartableBroker restartable = new RestartableBroker();
    private long source;

    @AfterEach
    void closeBroker() {
        restartable.close();
    }

    private static FieldTable deadLettering(String exchange, @Nullable String key) {
        FieldTable.Builder arguments = FieldTable.builder().put("x-dead-letter-exchange", FieldValue.of(exchange));
        if (key != null) {
            arguments.put("x-dead-letter-routing-key", FieldValue.of(key));
        }
        return arguments.build();
    }

    private void declare(int loop, String queue, FieldTable arguments) {
        TestChannel channel = restartable.open(loop);
        channel.client.request(() -> channel.channel.topology().declareQueue(queue, true, false, false, arguments));
    }

    private void declareSource(FieldTable arguments) {
        declare(0, "source", arguments);
        source = restartable.broker().vhost().requireQueue("source").id();
    }

    private void declareFanout(String... queues) {
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost()
                .declareExchange(new ExchangeDeclaration("fanout", "fanout", true, false, false, FieldTable.EMPTY)));
        for (String queue : queues) {
            broker.await(broker.vhost().bind(new BindingRequest("fanout", queue, true, "", FieldTable.EMPTY, null)));
        }
    }

    private void publish(String key, BasicProperties properties, String body) {
        TestChannel channel = restartable.confirming(0);
        channel.publish("", key, properties, false, body);
        restartable.await(() -> assertThat(channel.output.log).hasSize(1));
    }

    private void reject(String queue) {
        TestChannel channel = restartable.open(1);
        assertThat(channel.get(queue, false)).isNotNull();
        channel.nack(1, false, false);
        channel.client.close();
    }

    private void awaitSettled(int count) {
        restartable.await(() -> assertThat(JournalContents.settlements(restartable.messages(), source))
                .isEqualTo(count));
        restartable.awaitWritten();
        assertThat(JournalContents.settlements(restartable.messages(), source)).isEqualTo(count);
    }

    private List<String> left(String queue) {
        return restartable.drain(queue).stream()
                .map(each -> each.replace("*", ""))
                .toList();
    }

    private Message letter(String queue) {
        TestChannel channel = restartable.open(0);
        Fetched fetched = channel.client.request(() -> channel.channel.get(queue, true));
        assertThat(fetched).isNotNull();
        return fetched.message();
    }

    private static FieldTable headers(Message message) {
        FieldTable headers = Messages.properties(message).headers();
        assertThat(headers).isNotNull();
        return headers;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theOriginalStaysUntilItsLetterIsStored(int loop) {
        declareSource(TO_DEAD);
        restartable.declare(loop, "dead");
        publish("source", PERSISTENT, "a");
        restartable.messages().blockCommits();
        reject("source");
        restartable.await(
                () -> assertThat(restartable.messages().waitingCommits()).isPositive());
        restartable.crash();
        assertThat(left("source")).containsExactly("a");
        assertThat(left("dead")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theOriginalIsSettledOnceItsLetterIsStored(int loop) {
        declareSource(TO_DEAD);
        restartable.declare(loop, "dead");
        publish("source", PERSISTENT, "a");
        reject("source");
        awaitSettled(1);
        restartable.crash();
        assertThat(left("source")).isEmpty();
        assertThat(left("dead")).containsExactly("a");
    }

    @Test
    void whatDiesWhileTheBrokerStopsDiesAtTheNextStart() {
        declareSource(TO_DEAD);
        restartable.declare(1, "dead");
        publish("source", PERSISTENT.toBuilder().expiration("1000").build(), "a");
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost().stopSendingOn());
        restartable.advance(1_000);
        assertThat(left("dead")).isEmpty();
        restartable.restart();
        restartable.await(() -> assertThat(left("dead")).containsExactly("a"));
        assertThat(left("source")).isEmpty();
    }

    @Test
    void theOriginalIsSettledWhenTheLetterIsConsumedBeforeItWasWritten() {
        declareSource(TO_DEAD);
        restartable.declare(1, "dead");
        TestChannel consumer = restartable.open(0);
        consumer.consume("dead", "tag", true);
        publish("source", PERSISTENT, "a");
        reject("source");
        awaitSettled(1);
        assertThat(consumer.bodies()).containsExactly("a");
        restartable.crash();
        assertThat(left("source")).isEmpty();
    }

    @Test
    void whatExpiresIsAsSafe() {
        declareSource(with(TO_DEAD, "x-message-ttl", 1_000));
        restartable.declare(1, "dead");
        publish("source", PERSISTENT, "a");
        restartable.messages().blockCommits();
        restartable.advance(1_000);
        restartable.await(
                () -> assertThat(restartable.messages().waitingCommits()).isPositive());
        restartable.crash();
        // it is too old, so it dies again
        restartable.await(() -> assertThat(restartable.open(0).counts("dead")).startsWith("[ready=1,"));
        awaitSettled(1);
        restartable.crash();
        assertThat(left("source")).isEmpty();
        assertThat(left("dead")).containsExactly("a");
    }

    @Test
    void whatIsTooMuchIsAsSafe() {
        declareSource(with(TO_DEAD, "x-max-length", 1));
        restartable.declare(1, "dead");
        publish("source", PERSISTENT, "a");
        publish("source", PERSISTENT, "b");
        awaitSettled(1);
        restartable.crash();
        assertThat(left("source")).containsExactly("b");
        assertThat(left("dead")).containsExactly("a");
    }

    @Test
    void whatIsRefusedGoesToTheDeadLetterExchangeOnly() {
        declareSource(with(with(TO_DEAD, "x-max-length", 1), "x-overflow", "reject-publish-dlx"));
        restartable.declare(1, "dead");
        publish("source", PERSISTENT, "a");
        TestChannel channel = restartable.confirming(0);
        channel.publish("", "source", PERSISTENT, false, "b");
        restartable.await(() -> assertThat(channel.output.log).containsExactly("nack 1"));
        awaitSettled(0);
        restartable.crash();
        assertThat(left("source")).containsExactly("a");
        assertThat(left("dead")).containsExactly("b");
    }

    @Test
    void waitsForAllQueuesThatStoreTheLetterAndForNoOther() {
        declareSource(deadLettering("fanout", null));
        restartable.declare(0, "here");
        restartable.declare(1, "there");
        declare(1, "full", with(with(FieldTable.EMPTY, "x-max-length", 0), "x-overflow", "reject-publish"));
        restartable.open(1).declare("transient");
        declareFanout("here", "there", "full", "transient");
        publish("source", PERSISTENT, "a");
        reject("source");
        awaitSettled(1);
        restartable.crash();
        assertThat(left("source")).isEmpty();
        assertThat(left("here")).containsExactly("a");
        assertThat(left("there")).containsExactly("a");
        assertThat(left("full")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"missing, k", "'', missing", "'', source"})
    void whatGoesNowhereIsOver(String exchange, String key) {
        declareSource(with(deadLettering(exchange, key), "x-message-ttl", 1_000));
        publish("source", PERSISTENT, "a");
        restartable.advance(1_000);
        awaitSettled(1);
        restartable.crash();
        assertThat(left("source")).isEmpty();
    }

    @Test
    void withoutADeadLetterExchangeItIsOverAtOnce() {
        declareSource(FieldTable.EMPTY);
        publish("source", PERSISTENT, "a");
        reject("source");
        awaitSettled(1);
    }

    @Test
    void lettersOfTransientMessagesAreTransient() {
        declareSource(TO_DEAD);
        restartable.declare(1, "dead");
        publish("source", BasicProperties.EMPTY, "a");
        reject("source");
        restartable.awaitWritten();
        assertThat(restartable.open(0).counts("dead")).startsWith("[ready=1,");
        restartable.restart();
        assertThat(left("dead")).isEmpty();
    }

    @Test
    void theHistoryGoesOnAfterARestart() {
        declareSource(TO_DEAD);
        declare(1, "dead", deadLettering("", "source"));
        publish("source", PERSISTENT, "a");
        for (int round = 1; round <= 3; round++) {
            reject("source");
            restartable.awaitWritten();
            restartable.restart();
            reject("dead");
            restartable.awaitWritten();
            restartable.restart();
        }
        List<FieldValue> deaths = headers(letter("source")).get("x-death").asArray();
        assertThat(deaths)
                .extracting(death -> ((FieldTable) death.value()).get("queue").asString() + " "
                        + ((FieldTable) death.value()).get("count").asLong())
                .containsExactly("dead 3", "source 3");
    }

    @Test
    void aCycleIsSeenAfterARestart() {
        declareSource(with(TO_DEAD, "x-message-ttl", 1_000));
        declare(1, "dead", with(deadLettering("", "source"), "x-message-ttl", 1_000));
        publish("source", PERSISTENT, "a");
        restartable.advance(1_000);
        awaitSettled(1);
        restartable.restart();
        assertThat(restartable.open(0).counts("dead")).startsWith("[ready=1,");
        restartable.advance(1_000);
        restartable.awaitWritten();
        assertThat(left("source")).isEmpty();
        assertThat(left("dead")).isEmpty();
    }

    @Test
    void aHistoryThatAPublisherWroteIsNoneAfterARestartEither() {
        declareSource(TO_DEAD);
        restartable.declare(1, "dead");
        FieldTable forged = FieldTable.of(Map.of("x-death", FieldValue.of(List.of(FieldValue.of("forged")))));
        publish("source", PERSISTENT.toBuilder().headers(forged).build(), "a");
        restartable.restart();
        reject("source");
        restartable.awaitWritten();
        restartable.restart();
        List<FieldValue> deaths = headers(letter("dead")).get("x-death").asArray();
        assertThat(deaths).hasSize(1).first().extracting(FieldValue::tag).isEqualTo('F');
    }

    @Test
    void keysInCcAndBccLeadToQueuesAfterARestartToo() {
        declareSource(deadLettering("direct", null));
        for (String queue : new String[] {"own", "cc", "bcc"}) {
            restartable.declare(1, queue);
        }
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost()
                .declareExchange(new ExchangeDeclaration("direct", "direct", true, false, false, FieldTable.EMPTY)));
        for (String[] binding : new String[][] {{"source", "own"}, {"cc key", "cc"}, {"bcc key", "bcc"}}) {
            broker.await(broker.vhost()
                    .bind(new BindingRequest("direct", binding[1], true, binding[0], FieldTable.EMPTY, null)));
        }
        FieldTable copies = FieldTable.builder()
                .put("CC", FieldValue.of(List.of(FieldValue.of("cc key"))))
                .put("BCC", FieldValue.of(List.of(FieldValue.of("bcc key"))))
                .build();
        publish("source", PERSISTENT.toBuilder().headers(copies).build(), "a");
        restartable.restart();
        reject("source");
        restartable.awaitWritten();
        restartable.restart();
        assertThat(left("own")).containsExactly("a");
        assertThat(left("cc")).containsExactly("a");
        Message letter = letter("bcc");
        assertThat(headers(letter).get("BCC")).isNull();
        assertThat(letter.bccKeys()).containsExactly("bcc key");
    }

    @Test
    void aReplacedKeyAloneCountsAfterARestartToo() {
        declareSource(TO_DEAD);
        declare(1, "dead", deadLettering("", null));
        restartable.declare(0, "cc");
        FieldTable copies = FieldTable.of(Map.of("CC", FieldValue.of(List.of(FieldValue.of("cc")))));
        publish("source", PERSISTENT.toBuilder().headers(copies).build(), "a");
        assertThat(left("cc")).containsExactly("a");
        reject("source");
        restartable.awaitWritten();
        restartable.restart();
        reject("dead");
        restartable.awaitWritten();
        assertThat(left("cc")).isEmpty();
        assertThat(left("dead")).containsExactly("a");
    }

    @Test
    void aLetterHasNoExpirationAndItsPriorityAfterARestart() {
        declareSource(TO_DEAD);
        declare(1, "dead", with(FieldTable.EMPTY, "x-max-priority", 5));
        publish("source", PERSISTENT.toBuilder().priority(1).expiration("1000").build(), "low");
        publish("source", PERSISTENT.toBuilder().priority(4).expiration("1000").build(), "high");
        restartable.advance(1_000);
        awaitSettled(2);
        restartable.restartAfter(3_600_000);
        Message first = letter("dead");
        assertThat(Messages.body(first)).isEqualTo("high");
        assertThat(Messages.properties(first).expiration()).isNull();
        assertThat(first.hasExpiration()).isFalse();
        assertThat(left("dead")).containsExactly("low");
    }

    @Test
    void anInternalExchangeOfADeadLetterNeedsNoQueueToBeStored() {
        declareSource(deadLettering("fanout", null));
        declareFanout();
        Exchange fanout = restartable.broker().vhost().requireExchange("fanout");
        assertThat(fanout.hasBindings()).isFalse();
        publish("source", PERSISTENT, "a");
        reject("source");
        awaitSettled(1);
    }

    private static FieldTable with(FieldTable arguments, String name, Object value) {
        return arguments.with(
                name, value instanceof Integer number ? FieldValue.of(number) : FieldValue.of(value.toString()));
    }
}
