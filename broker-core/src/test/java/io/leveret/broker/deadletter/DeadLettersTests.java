package io.leveret.broker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.GetResult;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.queue.RecordingHost;
import io.leveret.broker.relay.Relay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadLettersTests {
    private static final DeadLettering TO_FANOUT = new DeadLettering("fanout", null);

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final MemoryInUse memory = new MemoryInUse(2);
    private final Map<String, QueueDestination> queues = new HashMap<>();
    private final Map<String, Exchange> exchanges = new HashMap<>();
    private final Relay relay = new Relay(loops.all(), loops.get(0), memory, null, exchanges::get);
    private final DeadLetters deadLetters = new DeadLetters(loops.all(), relay, exchanges::get);

    private final QueueRef source = queue("source", 0);
    private final QueueRef here = queue("here", 0);
    private final QueueRef there = queue("there", 1);

    @BeforeEach
    void declareExchanges() {
        exchanges.put("", Exchange.defaultExchange("/", queues::get));
        declare("fanout", ExchangeTypes.FANOUT, false, null);
    }

    @Test
    void reachQueuesOfEveryLoop() {
        bind("fanout", here, "");
        bind("fanout", there, "");
        die(source, TO_FANOUT, DeathReason.EXPIRED, message("k", "a"));
        assertThat(drain(here)).containsExactly("a");
        assertThat(drain(there)).containsExactly("a");
    }

    @Test
    void areOneAndTheSameMessageInAllQueues() {
        bind("fanout", here, "");
        bind("fanout", there, "");
        die(source, TO_FANOUT, DeathReason.EXPIRED, message("k", "a"));
        assertThat(get(here)).isSameAs(get(there));
    }

    @Test
    void areRoutedByAllTheirKeys() {
        FieldTable headers = FieldTable.builder()
                .put("CC", FieldValue.of(List.of(FieldValue.of("here"))))
                .build();
        Message message = Messages.of(
                        "e",
                        "nowhere",
                        BasicProperties.builder().headers(headers).build(),
                        "a")
                .withBccKeys(List.of("there"));
        die(source, new DeadLettering("", null), DeathReason.EXPIRED, message);
        assertThat(drain(here)).containsExactly("a");
        Message second = get(there);
        assertThat(second).isNotNull();
        assertThat(second.exchange()).isEmpty();
        assertThat(second.routingKey()).isEqualTo("nowhere");
        // and once more, as the keys stay with the message
        die(queue("second", 0), new DeadLettering("", null), DeathReason.EXPIRED, second);
        assertThat(drain(here)).containsExactly("a");
        assertThat(drain(there)).containsExactly("a");
    }

    @Test
    void areRoutedByTheReplacedKeyAlone() {
        FieldTable headers = FieldTable.builder()
                .put("CC", FieldValue.of(List.of(FieldValue.of("here"))))
                .build();
        Message message = Messages.of(
                        "e", "here", BasicProperties.builder().headers(headers).build(), "a")
                .withBccKeys(List.of("here"));
        die(source, new DeadLettering("", "there"), DeathReason.EXPIRED, message);
        assertThat(drain(here)).isEmpty();
        Message second = get(there);
        assertThat(second).isNotNull();
        die(there, new DeadLettering("", null), DeathReason.REJECTED, second);
        assertThat(drain(here)).isEmpty();
        assertThat(drain(there)).containsExactly("a");
    }

    @Test
    void areDroppedWhenTheExchangeDoesNotExist() {
        die(source, new DeadLettering("nowhere", null), DeathReason.EXPIRED, message("here", "a"));
        assertThat(drain(here)).isEmpty();
        assertThat(memory.total()).isZero();
    }

    @Test
    void areDroppedWhenNothingMatches() {
        die(source, TO_FANOUT, DeathReason.EXPIRED, message("here", "a"));
        assertThat(drain(here)).isEmpty();
        assertThat(memory.total()).isZero();
    }

    @Test
    void mayGoThroughAnInternalExchange() {
        declare("internal", ExchangeTypes.DIRECT, true, null);
        bind("internal", here, "k");
        die(source, new DeadLettering("internal", null), DeathReason.MAXLEN, message("k", "a"));
        assertThat(drain(here)).containsExactly("a");
    }

    @Test
    void goToTheAlternateExchangeOfTheirExchange() {
        declare("direct", ExchangeTypes.DIRECT, false, "fanout");
        bind("fanout", here, "");
        die(source, new DeadLettering("direct", null), DeathReason.MAXLEN, message("k", "a"));
        Message letter = get(here);
        assertThat(letter).isNotNull();
        assertThat(letter.exchange()).isEqualTo("direct");
    }

    @Test
    void areMatchedByTheHeadersTheyHaveNow() {
        declare("headers", ExchangeTypes.HEADERS, false, null);
        Exchange headers = exchanges.get("headers");
        headers.bind(new Binding(
                headers,
                here,
                "",
                FieldTable.builder()
                        .put("x-match", FieldValue.of("all-with-x"))
                        .put("x-first-death-reason", FieldValue.of("maxlen"))
                        .build()));
        die(source, new DeadLettering("headers", null), DeathReason.MAXLEN, message("k", "a"));
        die(source, new DeadLettering("headers", null), DeathReason.EXPIRED, message("k", "b"));
        assertThat(drain(here)).containsExactly("a");
    }

    @Test
    void goToPseudoQueues() {
        List<String> accepted = new ArrayList<>();
        queues.put("pseudo", pseudo("pseudo", message -> accepted.add(message.exchange() + Messages.body(message))));
        die(source, new DeadLettering("", "pseudo"), DeathReason.EXPIRED, message("k", "a"));
        assertThat(accepted).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void returnToTheirQueueOnlyIfTheyWereRejected(DeathReason reason) {
        die(source, new DeadLettering("", "source"), reason, message("k", "a"));
        assertThat(drain(source)).hasSize(reason == DeathReason.REJECTED ? 1 : 0);
    }

    @Test
    void areKeptFromTheQueuesThatCloseACycleAndFromNoOthers() {
        bind("fanout", source, "");
        bind("fanout", here, "");
        bind("fanout", there, "");
        die(here, TO_FANOUT, DeathReason.EXPIRED, message("k", "a"));
        assertThat(drain(here)).isEmpty();
        assertThat(drain(source)).containsExactly("a");
        Message second = get(there);
        assertThat(second).isNotNull();
        die(there, TO_FANOUT, DeathReason.MAXLEN, second);
        assertThat(drain(here)).isEmpty();
        assertThat(drain(there)).isEmpty();
        assertThat(drain(source)).containsExactly("a");
    }

    @Test
    void mayGoRoundWhenAConsumerRejectsThemOnTheWay() {
        Message message = message("k", "a");
        for (int round = 0; round < 3; round++) {
            die(here, new DeadLettering("", "there"), DeathReason.EXPIRED, message);
            Message rejected = get(there);
            assertThat(rejected).as("round %d", round).isNotNull();
            die(there, new DeadLettering("", "here"), DeathReason.REJECTED, rejected);
            Message back = get(here);
            assertThat(back).as("round %d", round).isNotNull();
            message = back;
        }
        // rejected first, then two queues without a client
        die(here, new DeadLettering("", "source"), DeathReason.EXPIRED, message);
        Message moved = get(source);
        assertThat(moved).isNotNull();
        die(source, new DeadLettering("", "here"), DeathReason.EXPIRED, moved);
        assertThat(drain(here)).isEmpty();
    }

    @Test
    void carryTheTimeOfTheDeathNotOfTheirTurn() {
        bind("fanout", here, "");
        loops.get(0).run(() -> deadLetters.add(source, TO_FANOUT, message("k", "a"), DeathReason.EXPIRED));
        long seconds = loops.get(0).nowMillis() / 1_000;
        loops.get(0).advance(5_000);
        loops.runAll();
        Message letter = get(here);
        assertThat(letter).isNotNull();
        FieldTable headers = Messages.properties(letter).headers();
        assertThat(headers).isNotNull();
        FieldTable death = (FieldTable) headers.get("x-death").asArray().get(0).value();
        assertThat(death).isNotNull();
        assertThat(death.get("time")).isEqualTo(FieldValue.timestamp(seconds));
    }

    @Test
    void passAnyNumberOfQueuesWithoutADeepStack() {
        int length = 2_000;
        for (int i = 0; i < length; i++) {
            QueueRef each = queue("chain " + i, i % 2);
            DeadLettering next = new DeadLettering("", i == length - 1 ? "here" : "chain " + (i + 1));
            queues.put(each.name(), passingOn(each, next));
        }
        die(source, new DeadLettering("", "chain 0"), DeathReason.EXPIRED, message("k", "a"));
        Message letter = get(here);
        assertThat(letter).isNotNull();
        FieldTable headers = Messages.properties(letter).headers();
        assertThat(headers).isNotNull();
        assertThat(headers.get("x-death").asArray()).hasSize(length + 1);
        assertThat(memory.total()).isZero();
    }

    @Test
    void keepTheirOrderAndLetOtherTasksRun() {
        int messages = 100_000;
        loops.get(0).run(() -> {
            for (int i = 0; i < messages; i++) {
                deadLetters.add(source, new DeadLettering("", "there"), message("k", i + ""), DeathReason.EXPIRED);
            }
        });
        int turns = 0;
        while (loops.get(0).step()) {
            turns++;
            while (loops.get(1).hasTasks()) {
                loops.get(1).step();
            }
        }
        assertThat(turns).isBetween(20, 100);
        assertThat(drain(there))
                .containsExactlyElementsOf(
                        IntStream.range(0, messages).mapToObj(i -> i + "").toList());
        assertThat(memory.total()).isZero();
    }

    /** A queue with a time to live of 0 and nobody who consumes. */
    private PseudoQueue passingOn(QueueRef queue, DeadLettering to) {
        return pseudo(queue.name(), message -> {
            int loop = queue.loop().index();
            loops.get(loop).execute(() -> deadLetters.add(queue, to, message, DeathReason.EXPIRED));
        });
    }

    private static PseudoQueue pseudo(String name, java.util.function.Consumer<Message> accepted) {
        return new PseudoQueue() {
            @Override
            public void accept(Message message) {
                accepted.accept(message);
            }

            @Override
            public String name() {
                return name;
            }
        };
    }

    private void die(QueueRef queue, DeadLettering to, DeathReason reason, Message message) {
        loops.get(queue.loop().index()).run(() -> deadLetters.add(queue, to, message, reason));
        loops.runAll();
    }

    private QueueRef queue(String name, int loop) {
        QueueRef queue =
                new QueueRef("/", name, false, false, FieldTable.EMPTY, null, loops.get(loop), new RecordingHost());
        queues.put(name, queue);
        return queue;
    }

    private void declare(String name, ExchangeType type, boolean internal, @Nullable String alternate) {
        FieldTable arguments = alternate == null
                ? FieldTable.EMPTY
                : FieldTable.builder()
                        .put(Exchange.ALTERNATE_EXCHANGE, FieldValue.of(alternate))
                        .build();
        exchanges.put(name, new Exchange(name, "/", type, false, false, internal, arguments));
    }

    private void bind(String exchange, Destination queue, String key) {
        Exchange from = exchanges.get(exchange);
        from.bind(new Binding(from, queue, key, FieldTable.EMPTY));
    }

    private static Message message(String routingKey, String body) {
        return Messages.of("e", routingKey, BasicProperties.EMPTY, body);
    }

    private @Nullable Message get(QueueRef queue) {
        GetResult got = loops.await(queue.submit(owned -> owned.onGet(true)));
        return got == null ? null : got.message();
    }

    private List<String> drain(QueueRef queue) {
        List<String> bodies = new ArrayList<>();
        Message message;
        while ((message = get(queue)) != null) {
            bodies.add(Messages.body(message));
        }
        return bodies;
    }
}
