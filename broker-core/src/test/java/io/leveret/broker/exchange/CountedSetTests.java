package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CountedSetTests {
    private final CountedSet<Integer> set = new CountedSet<>();

    @Test
    void agreesWithAMapOfCounts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int round = 0; round < 5_000; round++) {
            // drifts up and down, so that the index comes and goes
            boolean growing = round / 500 % 2 == 0;
            int element = random.nextInt(40);
            if (random.nextInt(10) < (growing ? 7 : 3)) {
                set.add(element);
                counts.merge(element, 1, Integer::sum);
            } else {
                set.remove(element);
                counts.computeIfPresent(element, (key, count) -> count == 1 ? null : count - 1);
            }
            assertThat(elements())
                    .as("seed %d, round %d", seed, round)
                    .containsExactlyInAnyOrderElementsOf(counts.keySet());
            assertThat(set.isEmpty()).isEqualTo(counts.isEmpty());
        }
    }

    @Test
    void leadsAReaderOnFromAnEntryThatWasTakenOut() {
        for (int i = 0; i < 5; i++) {
            set.add(i);
        }
        CountedSet.Entry<Integer> reader = set.first();
        while (reader != null && reader.element() != 3) {
            reader = reader.next();
        }
        set.remove(3);
        set.remove(2);

        List<Integer> rest = new ArrayList<>();
        while (reader != null) {
            rest.add(reader.element());
            reader = reader.next();
        }
        assertThat(rest).contains(1, 0);
        assertThat(elements()).containsExactlyInAnyOrder(0, 1, 4);
    }

    private List<Integer> elements() {
        List<Integer> elements = new ArrayList<>();
        for (CountedSet.Entry<Integer> entry = set.first(); entry != null; entry = entry.next()) {
            elements.add(entry.element());
        }
        return elements;
    }
}
