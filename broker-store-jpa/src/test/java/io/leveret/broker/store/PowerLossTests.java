package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalChanges.DeadSlots;
import io.leveret.broker.journal.JournalSegment;
import io.leveret.broker.store.disk.TestDisk;
import io.leveret.broker.store.disk.TestFilePath;
import io.leveret.broker.store.journal.PayloadRow;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;

/**
 * What a loss of power at any moment leaves of an H2 file: every part of what was synced, any part of what was not. Whatever
 * commit returned must be there, and the next one whole or not at all.
 */
class PowerLossTests {
    private static final int COMMITS = 120;
    private static final int LIVE = 8;
    private static final String MEMORY = "memFS:/";

    private final Random random = new Random(20_261_121);
    private final Map<Long, Map<Long, byte[]>> states = new TreeMap<>();

    @Test
    void leavesWhatWasCommitted() throws Exception {
        TestDisk disk = recordCommits();
        int first = 0;
        while (disk.lastMark(first) < 2) {
            first++;
        }
        for (int round = 0; round < 150; round++) {
            int end = first + random.nextInt(disk.size() - first);
            check(
                    disk.afterPowerLoss(end, random),
                    disk.lastMark(end),
                    "round " + round + " after " + disk.lastEvents(end));
        }
    }

    @Test
    void leavesWhatWasCommittedWhenItComesAgain() throws Exception {
        TestDisk disk = recordCommits();
        for (int round = 0; round < 40; round++) {
            int end = disk.size() * 3 / 4 + random.nextInt(disk.size() / 4);
            TestDisk second = new TestDisk(disk.afterPowerLoss(end, random));
            long committed = disk.lastMark(end);
            String file = write(second.afterPowerLoss(0, random), "again");
            try (Connection connection = connect(TestFilePath.on(second, file));
                    Statement statement = connection.createStatement()) {
                assertThat(rows(statement)).isNotEmpty();
                statement.execute("delete from broker_journal_payload where id > 0");
                statement.execute("delete from broker_journal_segment where id > 0");
                statement.execute("checkpoint sync");
                second.mark(1);
                statement.execute("shutdown immediately");
            }
            for (int again = 0; again < 4; again++) {
                int secondEnd = random.nextInt(second.size() + 1);
                byte[] image = second.afterPowerLoss(secondEnd, random);
                Map<Long, byte[]> left = open(image);
                if (second.lastMark(secondEnd) == 1) {
                    assertThat(left).isEmpty();
                } else if (!left.isEmpty()) {
                    // a commit that nobody was told about may be found only the second time
                    assertThat(left.keySet()).isIn(states.get(committed).keySet(), keysAfter(committed));
                }
            }
        }
    }

    private Object keysAfter(long committed) {
        Map<Long, byte[]> next = states.get(committed + 1);
        return next == null ? List.of() : next.keySet();
    }

    /** Traffic of a journal: what is new, rewritten, dead and gone. */
    private TestDisk recordCommits() {
        var disk = new TestDisk();
        String file = MEMORY + "power";
        FilePath.get(file + ".mv.db").delete();
        String url = "jdbc:h2:" + DataFilePath.SCHEME + ":" + TestFilePath.on(disk, file);
        DataFilePath.register();
        Map<Long, byte[]> live = new TreeMap<>();
        try (JpaStore store = JpaStore.open(StoreConfig.of(url, "sa", ""))) {
            for (long id = 1; id <= COMMITS; id++) {
                List<JournalSegment> rewritten = new ArrayList<>();
                List<DeadSlots> dead = new ArrayList<>();
                List<Long> removed = new ArrayList<>();
                List<Long> ids = new ArrayList<>(live.keySet());
                if (live.size() >= LIVE) {
                    removed.add(ids.remove(random.nextInt(ids.size())));
                }
                if (id % 5 == 0) {
                    rewritten.add(MessageJournalContract.segment(ids.get(0), random.nextInt(5000)));
                }
                if (id % 3 == 0) {
                    dead.add(new DeadSlots(ids.get(ids.size() - 1), new byte[] {(byte) id}));
                }
                JournalSegment added = MessageJournalContract.segment(id, random.nextInt(60_000));
                store.journal().commit(new JournalChanges(List.of(added), rewritten, dead, removed));
                removed.forEach(live::remove);
                rewritten.forEach(segment -> live.put(segment.id(), segment.payload()));
                live.put(id, added.payload());
                states.put(id, new TreeMap<>(live));
                disk.mark(id);
            }
        }
        return disk;
    }

    private void check(byte[] image, long committed, String message) throws Exception {
        Map<Long, byte[]> found;
        try {
            found = open(image);
        } catch (SQLException e) {
            throw new AssertionError(message, e);
        }
        Map<Long, byte[]> next = states.get(committed + 1);
        Map<Long, byte[]> expected =
                next != null && next.keySet().equals(found.keySet()) ? next : states.get(committed);
        assertThat(found.keySet()).as(message).isEqualTo(expected.keySet());
        found.forEach((id, payload) -> assertThat(Arrays.equals(payload, expected.get(id))
                        || next != null && Arrays.equals(payload, next.get(id)))
                .as("%s: payload of %d", message, id)
                .isTrue());
    }

    private static Map<Long, byte[]> open(byte[] image) throws IOException, SQLException {
        try (Connection connection = connect(write(image, "left"));
                Statement statement = connection.createStatement()) {
            Map<Long, byte[]> rows = rows(statement);
            statement.execute("shutdown immediately");
            return rows;
        }
    }

    private static Map<Long, byte[]> rows(Statement statement) throws SQLException {
        Map<Long, byte[]> rows = new TreeMap<>();
        try (ResultSet segments = statement.executeQuery("select id, entries from broker_journal_segment")) {
            while (segments.next()) {
                assertThat(segments.getBytes(2)).hasSize(40);
                rows.put(segments.getLong(1), new byte[0]);
            }
        }
        try (ResultSet parts = statement.executeQuery("select id, bytes from broker_journal_payload order by id")) {
            while (parts.next()) {
                long segment = parts.getLong(1) >> 12;
                assertThat(PayloadRow.first(segment)).isLessThanOrEqualTo(parts.getLong(1));
                if (parts.getBytes(2).length > 0) {
                    rows.put(segment, parts.getBytes(2));
                }
            }
        }
        return rows;
    }

    private static String write(byte[] image, String name) throws IOException {
        String file = MEMORY + name;
        FilePath path = FilePath.get(file + ".mv.db");
        path.delete();
        try (OutputStream out = path.newOutputStream(false)) {
            out.write(image);
        }
        return file;
    }

    private static Connection connect(String file) throws SQLException {
        return DriverManager.getConnection(
                Vendor.H2.complete("jdbc:h2:" + DataFilePath.SCHEME + ":" + file) + ";IFEXISTS=TRUE", "sa", "");
    }
}
