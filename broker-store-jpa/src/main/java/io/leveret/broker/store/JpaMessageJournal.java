package io.leveret.broker.store;

import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalChanges.DeadSlots;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.journal.JournalSegment;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.journal.UnsyncedCommitException;
import io.leveret.broker.store.journal.PayloadRow;
import io.leveret.broker.store.journal.SegmentRow;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.StatelessSession;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps segments in two tables: what they say in one, the messages in the other. A segment whose messages are not there is
 * read as one with an empty payload.
 */
final class JpaMessageJournal implements MessageJournal {
    private static final String SETTLEMENTS = "select id, settlements, dead from SegmentRow order by id";
    private static final String ENTRIES = "select id, entries from SegmentRow order by id";
    /** In one statement, which sees one moment; with a row for each part. */
    private static final String SEGMENT = """
            select s.entries, s.settlements, p.bytes
            from SegmentRow s left join PayloadRow p on p.id between :first and :last
            where s.id = :id order by p.id""";

    private static final String DELETE_SEGMENTS = "delete from SegmentRow where id between :first and :last";
    private static final String DELETE_PAYLOADS = "delete from PayloadRow where id between :first and :last";
    private static final String REWRITE =
            "update SegmentRow set entries = :entries, settlements = :settlements where id = :id";
    private static final String BURY = "update SegmentRow set dead = :dead where id = :id";

    /** How many rows are read at once; each has up to some ten kilobytes. */
    private static final int FETCH_SIZE = 64;

    /** How many bytes of payload are sent at once, about. */
    private static final long MOST_BYTES_AT_ONCE = 4L << 20;

    private static final byte[] NONE = new byte[0];

    private final Database database;

    JpaMessageJournal(Database database) {
        this.database = database;
    }

    @Override
    public void loadSettlements(SettlementsVisitor visitor) {
        load(SETTLEMENTS, row -> {
            byte[] dead = (byte[]) row[2];
            visitor.segment((Long) row[0], (byte[]) row[1], dead == null ? NONE : dead);
        });
    }

    @Override
    public void loadEntries(EntriesVisitor visitor) {
        load(ENTRIES, row -> visitor.segment((Long) row[0], (byte[]) row[1]));
    }

    /** In a transaction, without which PostgreSQL would send all rows at once. */
    private void load(String query, Consumer<Object[]> visitor) {
        read(session -> {
            session.beginTransaction();
            try (Stream<Object[]> rows = session.createSelectionQuery(query, Object[].class)
                    .setFetchSize(FETCH_SIZE)
                    .getResultStream()) {
                rows.forEach(visitor);
            }
            session.getTransaction().commit();
            return true;
        });
    }

    @Override
    public void commit(JournalChanges changes) {
        try {
            try {
                commit(changes, false);
            } catch (ConstraintViolationException e) {
                // an attempt that seemed to fail had made them
                commit(changes, true);
            }
        } catch (UnsyncedException e) {
            throw new UnsyncedCommitException("the journal could not be synced: " + reason(e), e);
        } catch (PersistenceException e) {
            throw new JournalException("the journal could not be written: " + reason(e), e);
        }
    }

    private void commit(JournalChanges changes, boolean again) {
        database.inTransaction(session -> {
            if (again) {
                remove(session, changes.added().stream().map(JournalSegment::id).toList());
            }
            // with the payloads together, for each of the two to be one batch
            session.insertMultiple(changes.added().stream()
                    .map(segment -> new SegmentRow(segment.id(), segment.entries(), segment.settlements()))
                    .toList());
            insertPayloads(session, changes.added());
            changes.rewritten().forEach(segment -> rewrite(session, segment));
            for (DeadSlots dead : changes.dead()) {
                session.createMutationQuery(BURY)
                        .setParameter("id", dead.id())
                        .setParameter("dead", dead.slots())
                        .executeUpdate();
            }
            remove(session, changes.removed());
            return true;
        });
    }

    private static void rewrite(StatelessSession session, JournalSegment segment) {
        int rows = session.createMutationQuery(REWRITE)
                .setParameter("id", segment.id())
                .setParameter("entries", segment.entries())
                .setParameter("settlements", segment.settlements())
                .executeUpdate();
        if (rows == 0) {
            session.insert(new SegmentRow(segment.id(), segment.entries(), segment.settlements()));
        }
        delete(session, DELETE_PAYLOADS, PayloadRow.first(segment.id()), PayloadRow.last(segment.id()));
        insertPayloads(session, List.of(segment));
    }

    /** A batch of JDBC is kept in memory, and copied, until it is executed. */
    private static void insertPayloads(StatelessSession session, List<JournalSegment> segments) {
        List<PayloadRow> batch = new ArrayList<>();
        long bytes = 0;
        for (JournalSegment segment : segments) {
            for (int i = 0; i < PayloadRow.count(segment.payload()); i++) {
                PayloadRow row = PayloadRow.of(segment.id(), segment.payload(), i);
                batch.add(row);
                bytes += row.bytes().length;
                if (bytes >= MOST_BYTES_AT_ONCE) {
                    session.insertMultiple(batch);
                    batch.clear();
                    bytes = 0;
                }
            }
        }
        if (!batch.isEmpty()) {
            session.insertMultiple(batch);
        }
    }

    /** Those that follow upon one another at once. */
    private static void remove(StatelessSession session, List<Long> ids) {
        List<Long> sorted = ids.stream().sorted().distinct().toList();
        for (int start = 0; start < sorted.size(); ) {
            int end = start + 1;
            while (end < sorted.size() && sorted.get(end) == sorted.get(end - 1) + 1) {
                end++;
            }
            long first = sorted.get(start);
            long last = sorted.get(end - 1);
            delete(session, DELETE_SEGMENTS, first, last);
            delete(session, DELETE_PAYLOADS, PayloadRow.first(first), PayloadRow.last(last));
            start = end;
        }
    }

    private static void delete(StatelessSession session, String statement, long first, long last) {
        session.createMutationQuery(statement)
                .setParameter("first", first)
                .setParameter("last", last)
                .executeUpdate();
    }

    @Override
    public @Nullable JournalSegment read(long id) {
        List<Object[]> parts = read(session -> session.createSelectionQuery(SEGMENT, Object[].class)
                .setParameter("id", id)
                .setParameter("first", PayloadRow.first(id))
                .setParameter("last", PayloadRow.last(id))
                .getResultList());
        if (parts.isEmpty()) {
            return null;
        }
        Object[] row = parts.get(0);
        return new JournalSegment(id, (byte[]) row[0], (byte[]) row[1], payload(parts));
    }

    private static byte[] payload(List<Object[]> parts) {
        int length = 0;
        for (Object[] part : parts) {
            length += part[2] == null ? 0 : ((byte[]) part[2]).length;
        }
        if (parts.get(0)[2] instanceof byte[] first && first.length == length) {
            return first;
        }
        byte[] payload = new byte[length];
        int at = 0;
        for (Object[] part : parts) {
            if (part[2] instanceof byte[] bytes) {
                System.arraycopy(bytes, 0, payload, at, bytes.length);
                at += bytes.length;
            }
        }
        return payload;
    }

    private <T extends @Nullable Object> T read(Function<StatelessSession, T> work) {
        try {
            return database.inSession(work);
        } catch (PersistenceException e) {
            throw new JournalException("the journal could not be read: " + reason(e), e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** Nothing: the store closes the database. */
    @Override
    public void close() {}
}
