package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.message.FieldTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link JpaDefinitionStore} does in every database. */
abstract class JpaDefinitionStoreContract extends DefinitionStoreContract {
    private StoreConfig config;
    private JpaStore store;

    /** An empty database. */
    abstract StoreConfig newDatabase();

    @BeforeEach
    void openStore() {
        config = newDatabase();
        store = JpaStore.open(config);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Override
    final DefinitionStore store() {
        return store.definitions();
    }

    @Override
    final void reopen() {
        store.close();
        store = JpaStore.open(config);
    }

    @Test
    void makesNoneOfTheChangesWhenOneCannotBeMade() {
        Definition queue = new Definition.Queue("v", "q", false, FieldTable.EMPTY, 1);
        Definition policy = new Definition.Policy("v", "p", false, "", "all", 0, Map.of());
        put(List.of(queue, policy));
        Definition refused = new Definition.Binding("v", "e", "refused", true, "", FieldTable.EMPTY);
        refuseBindings(config);
        assertThatThrownBy(() -> store().apply(List.of(
                        new DefinitionChange.Delete(queue),
                        new DefinitionChange.Put(new Definition.Policy("v", "p", false, "", "all", 9, Map.of())),
                        new DefinitionChange.Put(new Definition.Queue("v", "other", false, FieldTable.EMPTY, 2)),
                        new DefinitionChange.Put(refused))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("definitions can't be stored")
                .hasMessageContaining(config.place());
        assertThat(store().load()).containsExactlyInAnyOrder(queue, policy);
        reopen();
        assertThat(store().load()).containsExactlyInAnyOrder(queue, policy);
    }

    private static void refuseBindings(StoreConfig config) {
        StoreSql.execute(
                config, "alter table broker_binding add constraint no_refused check (destination <> 'refused')");
    }

    @Test
    void makesNoneOfTheChangesWhenOneCannotBeWritten() {
        Definition queue = new Definition.Queue("v", "q", false, FieldTable.EMPTY, 1);
        assertThatThrownBy(() -> put(List.of(queue, new Definition.Parameter("v", "c", "n", Double.NaN))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
        assertThat(store().load()).isEmpty();
    }
}
