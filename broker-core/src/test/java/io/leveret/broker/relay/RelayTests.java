package io.leveret.broker.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.GetResult;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.queue.RecordingHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelayTests {
    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final MemoryInUse memory = new MemoryInUse(2);
    private final Map<String, QueueRef> queues = new HashMap<>();
    private final Exchange defaultExchange = Exchange.defaultExchange("/", queues::get);
    private final Relay relay = new Relay(loops.all(), loops.get(1), memory, null, name -> null, 10);

    private final QueueRef here = queue("here", 0);
    private final QueueRef there = queue("there", 1);

    @Test
    void routesByTheMessagesOwnKey() {
        loops.get(0).run(() -> relay.publish(defaultExchange, message("here", "a")));
        loops.get(0).run(() -> relay.publish(defaultExchange, message("there", "b")));
        loops.get(0).run(() -> relay.publish(defaultExchange, message("nowhere", "c")));
        loops.runAll();
        assertThat(drain(here)).containsExactly("a");
        assertThat(drain(there)).containsExactly("b");
    }

    @Test
    void routesByCcAndBccToo() {
        BasicProperties properties = BasicProperties.builder()
                .headers(FieldTable.builder()
                        .put("CC", FieldValue.of(List.of(FieldValue.of("here"), FieldValue.of(1))))
                        .build())
                .build();
        Message message = Messages.of("", "nowhere", properties, "a");
        loops.get(0).run(() -> relay.publish(defaultExchange, message.withBccKeys(List.of("there", "here"))));
        loops.get(0)
                .run(() ->
                        relay.publish(defaultExchange, message("nowhere", "b").withBccKeys(List.of("there"))));
        loops.get(0).run(() -> relay.publish(defaultExchange, message));
        loops.runAll();
        assertThat(drain(here)).containsExactly("a", "a");
        assertThat(drain(there)).containsExactly("a", "b");
    }

    @Test
    void ignoresCcAndBccOfMessagesThatAreRoutedByTheirKeyAlone() {
        BasicProperties properties = BasicProperties.builder()
                .headers(FieldTable.builder()
                        .put("CC", FieldValue.of(List.of(FieldValue.of("here"))))
                        .build())
                .build();
        Message alone = Messages.routedByKeyAlone(
                Messages.of("", "there", properties, "a").withBccKeys(List.of("here")));
        loops.get(0).run(() -> relay.publish(defaultExchange, alone));
        loops.runAll();
        assertThat(drain(here)).isEmpty();
        assertThat(drain(there)).containsExactly("a");
    }

    @Test
    void doesNothingBeforeTheCallReturns() {
        loops.get(0).run(() -> {
            relay.enqueue(here, message("here", "a"));
            assertThat(here.owned().onCounts().ready()).isZero();
        });
        loops.runAll();
        assertThat(drain(here)).containsExactly("a");
    }

    @Test
    void keepsTheOrderOfOneLoopInEachQueue() {
        loops.get(0).run(() -> {
            for (int i = 0; i < 3_000; i++) {
                relay.publish(defaultExchange, message("there", i + ""));
                relay.enqueue(there, message("there", i + " directly"));
                relay.enqueue(here, message("here", i + ""));
            }
        });
        loops.runAll();
        assertThat(drain(there))
                .containsExactlyElementsOf(IntStream.range(0, 3_000)
                        .boxed()
                        .flatMap(i -> List.of(i + "", i + " directly").stream())
                        .toList());
        assertThat(drain(here))
                .containsExactlyElementsOf(
                        IntStream.range(0, 3_000).mapToObj(i -> i + "").toList());
    }

    @Test
    void keepsTheOrderOfAThreadThatIsNoLoop() {
        for (int i = 0; i < 5; i++) {
            relay.publish(defaultExchange, message("here", i + ""));
            relay.enqueue(here, message("here", i + " directly"));
        }
        loops.runAll();
        assertThat(drain(here))
                .containsExactly(
                        "0", "0 directly", "1", "1 directly", "2", "2 directly", "3", "3 directly", "4", "4 directly");
    }

    @Test
    void letsOtherTasksRunBetweenThePartsOfALongList() {
        List<String> order = new ArrayList<>();
        loops.get(0).run(() -> {
            for (int i = 0; i < 20_000; i++) {
                relay.enqueue(here, message("here", ""));
            }
            loops.get(0).execute(() -> order.add("other task"));
        });
        loops.get(0).step();
        assertThat(ready(here)).isEqualTo(20_000 / 8);
        loops.get(0).step();
        assertThat(order).containsExactly("other task");
        loops.runAll();
        assertThat(ready(here)).isEqualTo(20_000);
    }

    @Test
    void doesLessInOneTurnWhenMessagesAreLarge() {
        String body = "x".repeat(1 << 20);
        loops.get(0).run(() -> {
            for (int i = 0; i < 20; i++) {
                relay.enqueue(here, message("here", body));
            }
        });
        loops.get(0).step();
        assertThat(ready(here)).isEqualTo(4);
        loops.runAll();
        assertThat(ready(here)).isEqualTo(20);
    }

    @Test
    void endsATurnThatTakesLong() {
        int[] runs = {0};
        RelayWork slow = new RelayWork() {
            @Override
            public void run(LoopRelay on) {
                runs[0]++;
                loops.get(0).advance(1);
            }

            @Override
            public int bytes() {
                return 1;
            }
        };
        loops.get(0).run(() -> {
            for (int i = 0; i < 500; i++) {
                relay.on(loops.get(0)).add(slow);
            }
        });
        loops.get(0).step();
        assertThat(runs[0]).isBetween(20, 84);
        loops.runAll();
        assertThat(runs[0]).isEqualTo(500);
    }

    @Test
    void countsWhatWaitsAndWhatIsUnderWayAsMemoryInUse() {
        Message message = message("there", "x".repeat(1_000));
        loops.get(0).run(() -> {
            relay.enqueue(there, message);
            relay.publish(defaultExchange, message);
        });
        long waiting = memory.total();
        assertThat(waiting).isGreaterThan(2_000);
        loops.get(0).step();
        assertThat(memory.total()).isEqualTo(waiting);
        loops.runAll();
        assertThat(ready(there)).isEqualTo(2);
        assertThat(memory.total()).as("the queues count elsewhere").isZero();
    }

    @Test
    void goesOnBehindWorkThatFails() {
        loops.get(0).run(() -> {
            relay.on(loops.get(0)).add(failing());
            relay.enqueue(here, message("here", "a"));
        });
        assertThatIllegalStateException().isThrownBy(loops::runAll);
        loops.runAll();
        assertThat(drain(here)).containsExactly("a");
    }

    @Test
    void goesOnBehindAMessageThatFailsOnAnotherLoop() {
        loops.get(0).run(() -> {
            relay.enqueue(there, message("there", "a"));
            relay.enqueue(misplaced(), message("there", "b"));
            relay.enqueue(there, message("there", "c"));
        });
        loops.get(0).step();
        assertThatExceptionOfType(AssertionError.class).isThrownBy(loops::runAll);
        loops.runAll();
        assertThat(drain(there)).containsExactly("a", "c");
    }

    @Test
    void givesMessagesToPseudoQueues() {
        List<String> replies = new ArrayList<>();
        loops.get(0).run(() -> relay.enqueue(recording(replies), message("r", "reply")));
        loops.runAll();
        assertThat(replies).containsExactly("reply");
    }

    @Test
    void dropsWhatMultipliesWithoutEnd() {
        LoopRelay ours = relay.on(loops.get(0));
        int[] runs = {0};
        loops.get(0).run(() -> ours.add(multiplying(ours, runs, 6)));
        loops.runAll();
        // each makes three more, six times over: 1093 in all, of which only 10 more may wait than were there
        assertThat(runs[0]).isBetween(10, 200);
        assertThat(memory.total()).isZero();
        loops.get(0).run(() -> relay.enqueue(here, message("here", "a")));
        loops.runAll();
        assertThat(drain(here)).containsExactly("a");
    }

    @Test
    void passesOnAnyNumberOfMessagesThatDoNotMultiply() {
        LoopRelay ours = relay.on(loops.get(0));
        int[] runs = {0};
        loops.get(0).run(() -> {
            for (int i = 0; i < 5_000; i++) {
                ours.add(passing(ours, runs, 3));
            }
        });
        loops.runAll();
        assertThat(runs[0]).isEqualTo(20_000);
    }

    private static RelayWork failing() {
        return new RelayWork() {
            @Override
            public void run(LoopRelay on) {
                throw new IllegalStateException("broken");
            }

            @Override
            public int bytes() {
                return 1;
            }
        };
    }

    private static RelayWork multiplying(LoopRelay on, int[] runs, int generations) {
        return repeating(on, runs, generations, 3);
    }

    private static RelayWork passing(LoopRelay on, int[] runs, int generations) {
        return repeating(on, runs, generations, 1);
    }

    private static RelayWork repeating(LoopRelay on, int[] runs, int generations, int copies) {
        return new RelayWork() {
            @Override
            public void run(LoopRelay relay) {
                runs[0]++;
                for (int i = 0; generations > 0 && i < copies; i++) {
                    on.add(repeating(on, runs, generations - 1, copies));
                }
            }

            @Override
            public int bytes() {
                return 1;
            }
        };
    }

    private static PseudoQueue recording(List<String> accepted) {
        return new PseudoQueue() {
            @Override
            public void accept(Message message) {
                accepted.add(Messages.body(message));
            }

            @Override
            public String name() {
                return "recording";
            }
        };
    }

    /** A queue of a loop that has the place of ours but is another. */
    private static QueueRef misplaced() {
        ManualEventLoops others = new ManualEventLoops(2);
        return new QueueRef("/", "misplaced", false, false, FieldTable.EMPTY, null, others.get(1), new RecordingHost());
    }

    private QueueRef queue(String name, int loop) {
        QueueRef queue =
                new QueueRef("/", name, false, false, FieldTable.EMPTY, null, loops.get(loop), new RecordingHost());
        queues.put(name, queue);
        return queue;
    }

    private static Message message(String routingKey, String body) {
        return Messages.of("", routingKey, BasicProperties.EMPTY, body);
    }

    private int ready(QueueRef queue) {
        return loops.get(queue.loop().index())
                .call(() -> queue.owned().onCounts().ready());
    }

    private List<String> drain(QueueRef queue) {
        List<String> bodies = new ArrayList<>();
        GetResult got;
        while ((got = loops.await(queue.submit(owned -> owned.onGet(true)))) != null) {
            bodies.add(Messages.body(got.message()));
        }
        return bodies;
    }
}
