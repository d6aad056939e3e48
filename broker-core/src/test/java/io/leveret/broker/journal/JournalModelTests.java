package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Enqueues and settles at random, with the planner stepped by hand, and compares what a restart finds after each commit with
 * a plain map. Little waste and few rows are allowed, so that rewriting, absorbing and merging happen all the time.
 */
class JournalModelTests {
    private static final int OWNERS = 4;
    private static final long LEAST_WASTE = 3_000;
    private static final int LEAST_ROWS = 6;
    private static final long ROW_COST = 50;

    private Random random = new Random();
    private InMemoryMessageJournal store = new InMemoryMessageJournal();
    /** What must be there after a crash now: places with owner and body. */
    private final TreeMap<Long, String> committed = new TreeMap<>();
    /** What the queues have. */
    private final TreeMap<Long, String> live = new TreeMap<>();

    private Segments segments = new Segments();
    private CommitPlanner planner = newPlanner();
    private final List<JournalBatch> handedOver = new ArrayList<>();
    private long lastSegment;
    private final LoopJournal loop = new LoopJournal(new ManualEventLoops(1).get(0), null, 1, null);
    private JournalBatch batch = new JournalBatch(loop, ++lastSegment);
    private int bodies;
    private int rewritten;
    private int merged;
    private int absorbed;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void findsWhatAPlainMapHas(long seed) {
        random = new Random(seed);
        planner = newPlanner();
        int pinning = random.nextInt(3);
        for (int step = 0; step < 1500; step++) {
            int what = random.nextInt(100);
            if (what < 45) {
                enqueue();
            } else if (what < 85) {
                settle(pinning);
            } else if (what < 92) {
                handOver();
            } else if (what < 99) {
                commit();
            } else {
                restart();
            }
        }
        handOver();
        commit();
        restart();
        settleAll();
        handOver();
        commit();
        while (planner.isDue()) {
            commit();
        }
        assertThat(segments.storedBytes() - segments.liveBytes()).isLessThanOrEqualTo(2 * LEAST_WASTE);
        assertThat(rewritten + merged + absorbed).as("seed %s", seed).isPositive();
    }

    /** Every other time rows are not merged, for what only happens with many. */
    private CommitPlanner newPlanner() {
        int leastRows = random.nextBoolean() ? LEAST_ROWS : 10_000;
        return new CommitPlanner(segments, new Tidying(store, segments, LEAST_WASTE, leastRows, ROW_COST));
    }

    private void enqueue() {
        long owner = 1 + random.nextInt(OWNERS);
        String body = ++bodies + "x".repeat(random.nextInt(10) == 0 ? random.nextInt(2000) : random.nextInt(40));
        Message queued = batch.add(owner, TestJournal.message(body), Message.NEVER, SegmentEntries.LASTING, null, 0);
        live.put(queued.place(), owner + ":" + body);
    }

    /** Mostly the oldest, as queues do; some never, as of a queue without consumers. */
    private void settle(int pinning) {
        List<Long> places = live.keySet().stream()
                .filter(place -> pinning == 0 || Place.slot(place) % (pinning + 2) != 0 || random.nextInt(50) == 0)
                .toList();
        if (places.isEmpty()) {
            return;
        }
        int reach = random.nextInt(5) == 0 ? places.size() : Math.min(4, places.size());
        settle(places.get(random.nextInt(reach)));
    }

    private void settleAll() {
        List.copyOf(live.keySet()).forEach(this::settle);
    }

    private void settle(long place) {
        live.remove(place);
        if (Place.segment(place) == batch.segment) {
            batch.cancel(Place.slot(place));
        } else {
            batch.settle(place);
        }
    }

    private void handOver() {
        handedOver.add(batch);
        batch = new JournalBatch(loop, ++lastSegment);
    }

    private void commit() {
        Map<Long, String> after = new HashMap<>(live);
        // what is in the current batch, or was settled there, has not been handed over
        after.keySet().removeIf(place -> Place.segment(place) == batch.segment);
        Map<Long, String> before = new HashMap<>(committed);
        for (int i = 0; i < batch.settlements(); i++) {
            long place = batch.settlement(i);
            String known = before.get(place);
            if (known == null) {
                known = bodyIn(place);
            }
            after.put(place, known);
        }
        ChangesBuilder changes = planner.plan(handedOver, batch.segment);
        store.commit(changes.build());
        planner.onCommitted(changes);
        handedOver.clear();
        committed.clear();
        committed.putAll(after);
        rewritten += changes.rewritten.size();
        merged += changes.swallowed.size();
        absorbed += changes.dead.size();
        assertFound();
    }

    private String bodyIn(long place) {
        for (JournalBatch each : handedOver) {
            Message message = each.segment == Place.segment(place) ? each.message(Place.slot(place)) : null;
            if (message != null) {
                return each.owner(Place.slot(place)) + ":" + TestJournal.body(message);
            }
        }
        throw new AssertionError("unknown place");
    }

    /** A crash now finds what was committed. */
    private void assertFound() {
        InMemoryMessageJournal found = store.restarted();
        Recovery recovery = new Recovery(found, new OwnerIds(), new Segments());
        recovery.run();
        assertThat(contents(found, recovery)).isEqualTo(committed);
        for (Map.Entry<Long, String> entry : committed.entrySet()) {
            Segment segment = segments.find(entry.getKey());
            assertThat(segment).isNotNull();
            assertThat(segment.indexOf(entry.getKey())).isNotNegative();
        }
    }

    private TreeMap<Long, String> contents(InMemoryMessageJournal from, Recovery recovery) {
        TreeMap<Long, String> contents = new TreeMap<>();
        Segments found = new Segments();
        from.rows().keySet().forEach(id -> found.restore(new Segment(SegmentEntries.allocate(id, 0), 0)));
        for (long owner = 1; owner <= OWNERS; owner++) {
            RecoveredEntries entries = recovery.take(owner);
            long previous = 0;
            for (int i = 0; i < entries.size(); i++) {
                long place = entries.place(i);
                assertThat(place).isGreaterThan(previous);
                previous = place;
                long id = found.find(place).id();
                InMemoryMessageJournal.Row row = from.rows().get(id);
                SegmentEntries decoded = SegmentEntries.decode(id, row.entries());
                Message message = decoded.message(decoded.indexOf(place), row.payload());
                assertThat(message.place()).isEqualTo(place);
                contents.put(place, owner + ":" + TestJournal.body(message));
            }
        }
        return contents;
    }

    /** What was not committed is lost; the queues go on with what is found. */
    private void restart() {
        handedOver.clear();
        live.clear();
        live.putAll(committed);
        store = store.restarted();
        segments = new Segments();
        Recovery recovery = new Recovery(store, new OwnerIds(), segments);
        recovery.run();
        planner = newPlanner();
        lastSegment = recovery.lastSegment();
        batch = new JournalBatch(loop, ++lastSegment);
    }
}
