package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the parts of a row are as bytes. */
class SegmentEntriesTests {
    private final JournalBatch batch =
            new JournalBatch(new LoopJournal(new ManualEventLoops(1).get(0), null, 1, null), 5);

    private static void damageEachByte(byte[] bytes, Predicate<byte[]> isRefused) {
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            assertThat(isRefused.test(damaged)).as("byte %s", i).isTrue();
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThat(isRefused.test(cut)).as("length %s", length).isTrue();
        }
    }

    private void add(String body) {
        batch.add(7, TestJournal.message(body), 99, SegmentEntries.LASTING, null, 0);
    }

    @Test
    void leavesOutWhatWasTakenBack() {
        add("a");
        add("b");
        add("c");
        batch.drop(1);
        byte[] payload = new byte[(int) batch.bytes()];
        SegmentEntries entries =
                SegmentEntries.decode(5, SegmentEntries.encode(batch, payload).toBytes());
        assertThat(entries.count()).isEqualTo(2);
        assertThat(entries.indexOf(Place.of(5, 1))).isNegative();
        int index = entries.indexOf(Place.of(5, 2));
        Message message = entries.message(index, payload);
        assertThat(TestJournal.body(message)).isEqualTo("c");
        assertThat(message.place()).isEqualTo(Place.of(5, 2));
        assertThat(message.deadlineMillis()).isEqualTo(99);
        assertThat(entries.owner(index)).isEqualTo(7);
    }

    @Test
    void seesEveryDamage() {
        add("abc");
        byte[] payload = new byte[(int) batch.bytes()];
        SegmentEntries entries = SegmentEntries.encode(batch, payload);
        damageEachByte(entries.toBytes(), damaged -> SegmentEntries.decode(5, damaged) == null);
        damageEachByte(payload, damaged -> entries.message(0, damaged) == null);
        damageEachByte(
                SegmentSettlements.encode(new long[] {1, 2}, 2), damaged -> !SegmentSettlements.isSound(damaged));
        HandedOut handedOut = new HandedOut();
        handedOut.add(7, 1, 2);
        damageEachByte(handedOut.toBytes(), damaged -> HandedOut.decode(damaged) == null);
        BitSet dead = new BitSet();
        dead.set(3);
        damageEachByte(SegmentDead.encode(dead), damaged -> damaged.length == 0 || SegmentDead.decode(damaged) == null);
    }

    @Test
    void sizesAreRightToWithinAnEighth() {
        int[] sizes = {0, 1, 15, 16, 17, 100, 1000, 1 << 20, 536_870_912};
        EntrySizes of = EntrySizes.of(sizes, sizes.length);
        for (int i = 0; i < sizes.length; i++) {
            assertThat((double) of.of(i)).isBetween(sizes[i] * 0.87, sizes[i] * 1.13);
        }
        assertThat(EntrySizes.of(new int[] {1013, 1013}, 2).total()).isEqualTo(2026);
    }

    @Test
    void aSetOfPlacesHasWhatWasAddedAndNothingElse() {
        PlaceSet set = new PlaceSet();
        Random random = new Random(1);
        Set<Long> model = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            long place = Place.of(1 + random.nextInt(3000), random.nextInt(500));
            set.add(place);
            model.add(place);
        }
        for (long segment = 1; segment <= 3001; segment++) {
            for (int slot = 0; slot < 510; slot++) {
                long place = Place.of(segment, slot);
                if (set.contains(place) != model.contains(place)) {
                    throw new AssertionError(segment + "/" + slot);
                }
            }
        }
        assertThat(set.contains(Place.of(4000, 0))).isFalse();
    }

    @Test
    void packsEntriesInColumns() {
        RecoveredEntries entries = new RecoveredEntries();
        for (int i = 0; i < 10_000; i++) {
            entries.add(i + 1, i, i + 96, i == 5000 ? 9 : 0, i == 9000 ? 77 : Message.NEVER);
        }
        assertThat(entries.size()).isEqualTo(10_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(entries.place(i)).isEqualTo(i + 1);
            assertThat(entries.bodyLength(i)).isEqualTo(i);
            assertThat(entries.memoryBytes(i)).isEqualTo(i + 96);
            assertThat(entries.priority(i)).isEqualTo(i == 5000 ? 9 : 0);
            assertThat(entries.deadlineMillis(i)).isEqualTo(i == 9000 ? 77 : Message.NEVER);
        }
    }
}
