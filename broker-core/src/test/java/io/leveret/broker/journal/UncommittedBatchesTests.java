package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UncommittedBatchesTests {
    private static final int BODY = 1_000;

    private final TestJournal loops = new TestJournal(new InMemoryMessageJournal());
    private final UncommittedBatches batches = new UncommittedBatches();
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        loops.close(false);
    }

    private JournalBatch batch(long segment, int messages) {
        JournalBatch batch = new JournalBatch(loops.on(0), segment);
        for (int i = 0; i < messages; i++) {
            batch.add(
                    7,
                    TestJournal.message(new byte[BODY]),
                    Message.NEVER,
                    SegmentEntries.LASTING,
                    (tag, well) -> heard.add(tag + " " + well),
                    i);
        }
        return batch;
    }

    @Test
    void keepsTheOrderHoweverManyThereAre() {
        int next = 1;
        int expected = 1;
        for (int round = 1; round < 50; round++) {
            for (int i = 0; i < round; i++) {
                batches.add(batch(3L * next++, 1));
            }
            for (int i = 0; i < round - 1; i++) {
                JournalBatch handedOver = batches.handOver();
                assertThat(handedOver.segment).isEqualTo(3L * expected++);
                batches.remove(handedOver);
            }
        }
        for (int left = expected; left < next; left++) {
            assertThat(batches.find(3L * left)).isNotNull();
            assertThat(batches.find(3L * left + 1)).isNull();
        }
        assertThat(batches.find(3L * (expected - 1))).isNull();
    }

    @Test
    void knowsWhatIsUnderWay() {
        batches.add(batch(1, 2));
        batches.add(batch(4, 1));
        long all = batches.weight();
        assertThat(all).isGreaterThan(3 * BODY);
        assertThat(batches.weightUnderWay()).isZero();

        JournalBatch first = batches.handOver();
        assertThat(batches.underWay()).isEqualTo(1);
        assertThat(batches.weightUnderWay()).isEqualTo(first.weighed());
        assertThat(batches.next()).isSameAs(batches.find(4));

        batches.remove(first);
        assertThat(batches.underWay()).isZero();
        assertThat(batches.weightUnderWay()).isZero();
        assertThat(batches.weight()).isEqualTo(all - first.weighed());
    }

    @Test
    void letsGoOfWhatIsOverBeforeItsTurn() {
        batches.add(batch(1, 2));
        batches.add(batch(4, 2));
        batches.handOver();
        long all = batches.weight();

        assertThat(batches.drop(Place.of(1, 0))).as("with the thread").isNull();
        assertThat(batches.drop(Place.of(2, 0))).as("nowhere").isNull();
        JournalBatch waiting = batches.drop(Place.of(4, 1));

        assertThat(waiting).isNotNull();
        assertThat(waiting.message(1)).isNull();
        assertThat(waiting.live()).isEqualTo(1);
        assertThat(batches.weight()).isBetween(all - BODY - 100, all - BODY);
        assertThat(heard).isEmpty();
    }

    @Test
    void isDoneInTurn() {
        batches.add(batch(1, 1));
        batches.add(batch(2, 1));
        batches.handOver();
        JournalBatch second = batches.handOver();
        assertThatThrownBy(() -> batches.remove(second)).isInstanceOf(AssertionError.class);
    }
}
