package io.leveret.broker.store;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.store.definition.DefinitionRow;
import io.leveret.broker.store.definition.DefinitionRows;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

/** Keeps definitions in tables, a row each. */
final class JpaDefinitionStore implements DefinitionStore {
    /** How many rows go to the database at once. */
    private static final int BATCH = 500;

    private final Database database;

    JpaDefinitionStore(Database database) {
        this.database = database;
    }

    /** @throws StoreException when the database can't be reached for too long */
    @Override
    public List<Definition> load() {
        return patiently(() -> database.inSession(session -> {
            List<Definition> all = new ArrayList<>();
            for (Class<? extends DefinitionRow> kind : DefinitionRows.kinds()) {
                for (DefinitionRow row : rows(session, kind)) {
                    all.add(row.toDefinition());
                }
            }
            return all;
        }));
    }

    // in SQL, as Hibernate would load much at a start for any other language
    private static <T> List<T> rows(StatelessSession session, Class<T> kind) {
        return session.createNativeQuery("select * from " + table(kind), kind).getResultList();
    }

    private static String table(Class<?> kind) {
        return Objects.requireNonNull(kind.getAnnotation(Table.class)).name();
    }

    /** @throws StoreException when the changes could not be made, or the database can't be reached for too long */
    @Override
    public void apply(List<DefinitionChange> changes) {
        Outcome outcome = Outcome.of(changes);
        if (outcome.put().isEmpty() && outcome.deleted().isEmpty()) {
            return;
        }
        // done twice it is the same as done once, so it may be tried again after a failure that left it open
        patiently(() -> database.inTransaction(session -> {
            outcome.put().forEach((kind, rows) -> put(session, kind, rows));
            session.deleteMultiple(outcome.deleted());
            return changes.size();
        }));
    }

    private <T> T patiently(Supplier<T> attempt) {
        try {
            return new Patience(database.config().patience()).untilDone(attempt);
        } catch (PersistenceException e) {
            throw Failures.working(database.config(), e);
        }
    }

    /**
     * Inserts what is not there and updates the rest, in batches; Hibernate's own upsert tries the one and then the other
     * for each row.
     */
    private static <T extends DefinitionRow> void put(
            StatelessSession session, Class<T> kind, List<DefinitionRow> rows) {
        for (int from = 0; from < rows.size(); from += BATCH) {
            List<DefinitionRow> batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
            Set<UUID> there =
                    there(session, kind, batch.stream().map(DefinitionRow::id).toList());
            Map<Boolean, List<DefinitionRow>> byPresence =
                    batch.stream().collect(Collectors.partitioningBy(row -> there.contains(row.id())));
            session.insertMultiple(byPresence.getOrDefault(false, List.of()));
            session.updateMultiple(byPresence.getOrDefault(true, List.of()));
        }
    }

    private static <T> Set<UUID> there(StatelessSession session, Class<T> kind, List<UUID> ids) {
        return Set.copyOf(session.createNativeQuery("select id from " + table(kind) + " where id in (:ids)", UUID.class)
                .addScalar("id", UUID.class)
                .setParameterList("ids", ids, UUID.class)
                .getResultList());
    }

    @Override
    public void close() {
        // the store is closed by whoever opened it
    }

    /** What remains to be done of a list of changes: of those of one definition the last counts. */
    private record Outcome(Map<Class<? extends DefinitionRow>, List<DefinitionRow>> put, List<DefinitionRow> deleted) {
        static Outcome of(List<DefinitionChange> changes) {
            Map<UUID, DefinitionRow> put = new LinkedHashMap<>();
            Map<UUID, DefinitionRow> deleted = new LinkedHashMap<>();
            for (DefinitionChange change : changes) {
                DefinitionRow row = DefinitionRow.of(change.definition());
                boolean isPut = change instanceof DefinitionChange.Put;
                (isPut ? put : deleted).put(row.id(), row);
                (isPut ? deleted : put).remove(row.id());
            }
            Map<Class<? extends DefinitionRow>, List<DefinitionRow>> byKind = new LinkedHashMap<>();
            put.values()
                    .forEach(row -> byKind.computeIfAbsent(row.getClass(), kind -> new ArrayList<>())
                            .add(row));
            return new Outcome(byKind, List.copyOf(deleted.values()));
        }
    }
}
