package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a store makes its tables, in every database. */
abstract class SchemaContract {
    private static final String RUNS =
            "select \"version\" from \"broker_schema_history\" where \"version\" is not null";
    private static final String HISTORY =
            "select \"installed_rank\" || ' ' || \"installed_on\" from \"broker_schema_history\" order by \"installed_rank\"";

    private static final Definition VHOST = Definition.VirtualHost.named("kept");

    /** An empty database. */
    abstract StoreConfig newDatabase();

    @Test
    void makesItsTablesOnce() {
        StoreConfig config = newDatabase();
        keepSomething(config);
        List<String> first = StoreSql.query(config, HISTORY);
        assertThat(StoreSql.query(config, RUNS)).hasSize(version(config));
        assertThat(load(config)).containsExactly(VHOST);
        assertThat(StoreSql.query(config, HISTORY)).isEqualTo(first);
    }

    @Test
    void namesAllItsTablesAlike() {
        StoreConfig config = newDatabase();
        keepSomething(config);
        assertThat(StoreSql.query(
                        config,
                        "select lower(table_name) from information_schema.tables where table_schema = current_schema"))
                .hasSizeGreaterThan(12)
                .allMatch(name -> name.startsWith("broker_"));
    }

    @Test
    void leavesOtherTablesAlone() {
        StoreConfig config = newDatabase();
        StoreSql.execute(config, "create table theirs (id integer)");
        StoreSql.execute(config, "insert into theirs values (7)");
        keepSomething(config);
        assertThat(load(config)).containsExactly(VHOST);
        assertThat(StoreSql.query(config, "select id from theirs")).containsExactly("7");
    }

    @Test
    void refusesTablesOfANewerProgram() {
        StoreConfig config = newDatabase();
        keepSomething(config);
        int newer = version(config) + 1;
        StoreSql.execute(
                config,
                ("insert into \"broker_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\", \"script\","
                                + " \"installed_by\", \"execution_time\", \"success\")"
                                + " values (99, '%d', 'new', 'SQL', 'V%d__new.sql', 'x', 1, true)")
                        .formatted(newer, newer));
        assertThatThrownBy(() -> JpaStore.open(config))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("version " + newer)
                .hasMessageContaining("up to " + version(config))
                .hasMessageContaining(config.place());
        StoreSql.execute(config, "delete from \"broker_schema_history\" where \"installed_rank\" = 99");
        assertThat(load(config)).containsExactly(VHOST);
    }

    @Test
    void refusesTablesThatWereChanged() {
        StoreConfig config = newDatabase();
        keepSomething(config);
        StoreSql.execute(config, "alter table broker_queue drop column journal_id");
        assertThatThrownBy(() -> JpaStore.open(config))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("do not fit")
                .hasMessageContaining("journal_id");
    }

    @Test
    void goesOnWhereMakingTheTablesWasCutOff() {
        StoreConfig config = newDatabase();
        keepSomething(config);
        StoreSql.execute(config, "drop table broker_binding");
        StoreSql.execute(config, "update \"broker_schema_history\" set \"success\" = false");
        assertThat(load(config)).containsExactly(VHOST);
        StoreSql.execute(config, "drop table broker_binding");
        StoreSql.execute(config, "drop table \"broker_schema_history\"");
        assertThat(load(config)).containsExactly(VHOST);
    }

    private static int version(StoreConfig config) {
        return Vendor.of(config.url()).version();
    }

    private static void keepSomething(StoreConfig config) {
        try (JpaStore store = JpaStore.open(config)) {
            store.definitions().apply(List.of(new DefinitionChange.Put(VHOST)));
        }
    }

    private static List<Definition> load(StoreConfig config) {
        try (JpaStore store = JpaStore.open(config)) {
            return store.definitions().load();
        }
    }
}
