package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalSegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file of an H2 database takes beside what is in it, when there is much traffic. */
class FileSizeTests {
    private static final long LIVE = 24L << 20;
    private static final long TRAFFIC = 500L << 20;

    @TempDir
    private Path directory;

    private final Random random = new Random(7);

    @Test
    void staysBelowTwoAndAHalfTimesOfWhatIsInIt() throws Exception {
        Path file = directory.resolve("broker.mv.db");
        long largest = 0;
        try (JpaStore store = JpaStore.open(StoreConfig.h2(directory))) {
            Deque<JournalSegment> live = new ArrayDeque<>();
            long liveBytes = 0;
            long id = 0;
            for (long written = 0; written < TRAFFIC; ) {
                // mostly full segments, as under load, and small ones between them
                JournalSegment added = segment(++id, random.nextInt(4) == 0 ? 1000 : 256 * 1024);
                live.add(added);
                liveBytes += added.payload().length;
                written += added.payload().length;
                List<Long> removed = new ArrayList<>();
                while (liveBytes > LIVE) {
                    // one in twenty stays for longer, as what a slow consumer has
                    JournalSegment oldest = live.remove();
                    if (random.nextInt(20) == 0) {
                        live.add(oldest);
                    } else {
                        removed.add(oldest.id());
                        liveBytes -= oldest.payload().length;
                    }
                }
                store.journal().commit(new JournalChanges(List.of(added), List.of(), List.of(), removed));
                largest = Math.max(largest, Files.size(file));
            }
            assertThat(largest).isLessThan(LIVE * 5 / 2);
        }
        long start = System.nanoTime();
        JpaStore store = JpaStore.open(StoreConfig.h2(directory));
        store.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(Files.size(file)).isLessThan(LIVE * 5 / 2);
    }

    private JournalSegment segment(long id, int bytes) {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        return new JournalSegment(id, new byte[bytes / 50], new byte[bytes / 100], payload);
    }
}
