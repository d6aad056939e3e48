package io.leveret.broker.store;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.store.definition.DefinitionRow;
import io.leveret.broker.store.definition.DefinitionRows;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.StatelessSession;
import org.hibernate.query.criteria.JpaCriteriaQuery;

/** Keeps definitions in tables, a row each. */
final class JpaDefinitionStore implements DefinitionStore {
    private final Database database;

    JpaDefinitionStore(Database database) {
        this.database = database;
    }

    @Override
    public List<Definition> load() {
        return database.inSession(session -> {
            List<Definition> all = new ArrayList<>();
            for (Class<? extends DefinitionRow> kind : DefinitionRows.kinds()) {
                for (DefinitionRow row : rows(session, kind)) {
                    all.add(row.toDefinition());
                }
            }
            return all;
        });
    }

    private static <T> List<T> rows(StatelessSession session, Class<T> kind) {
        JpaCriteriaQuery<T> query = session.getCriteriaBuilder().createQuery(kind);
        query.from(kind);
        return session.createSelectionQuery(query).getResultList();
    }

    /** @throws StoreException when the changes could not be made, or the database can't be reached for too long */
    @Override
    public void apply(List<DefinitionChange> changes) {
        Outcome outcome = Outcome.of(changes);
        if (outcome.put().isEmpty() && outcome.deleted().isEmpty()) {
            return;
        }
        try {
            // done twice it is the same as done once, so it may be tried again after a failure that left it open
            new Patience(database.config().patience())
                    .untilDone(() -> database.inTransaction(session -> {
                        session.upsertMultiple(outcome.put());
                        session.deleteMultiple(outcome.deleted());
                        return changes.size();
                    }));
        } catch (PersistenceException e) {
            throw Failures.changing(database.config(), e);
        }
    }

    @Override
    public void close() {
        // the store is closed by whoever opened it
    }

    /** What remains to be done of a list of changes: of those of one definition the last counts. */
    private record Outcome(List<DefinitionRow> put, List<DefinitionRow> deleted) {
        static Outcome of(List<DefinitionChange> changes) {
            Map<UUID, DefinitionRow> put = new LinkedHashMap<>();
            Map<UUID, DefinitionRow> deleted = new LinkedHashMap<>();
            for (DefinitionChange change : changes) {
                DefinitionRow row = DefinitionRow.of(change.definition());
                boolean isPut = change instanceof DefinitionChange.Put;
                (isPut ? put : deleted).put(row.id(), row);
                (isPut ? deleted : put).remove(row.id());
            }
            return new Outcome(List.copyOf(put.values()), List.copyOf(deleted.values()));
        }
    }
}
