package io.leveret.broker.store;

import io.leveret.broker.store.definition.DefinitionRow;
import io.leveret.broker.store.definition.DefinitionRows;
import io.leveret.broker.store.journal.PayloadRow;
import io.leveret.broker.store.journal.SegmentRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.BootstrapServiceRegistryBuilder;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.bytecode.spi.BytecodeProvider;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.BatchSettings;
import org.hibernate.cfg.CacheSettings;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.cfg.PersistenceSettings;
import org.hibernate.cfg.QuerySettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.cfg.ValidationSettings;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;
import org.hibernate.resource.jdbc.spi.PhysicalConnectionHandlingMode;

/** The entity manager factory {@code broker}, built in code: nothing is scanned for, and no file is read. */
final class PersistenceUnit {
    private static final List<Class<? extends DefinitionRow>> ENTITIES = DefinitionRows.kinds();

    private PersistenceUnit() {}

    /** @param ready completes when the tables are there; what does not need them is done before */
    static SessionFactory build(StoreConfig config, Vendor vendor, CompletableFuture<DataSource> ready) {
        return build(settings(config, vendor, ready));
    }

    /** Makes a unit without a database, which can't be used; what that loads, the next one finds loaded. */
    static SessionFactory buildForNothing(StoreConfig config, Vendor vendor) {
        Map<String, Object> settings = settings(config, vendor, new CompletableFuture<>());
        settings.put(SchemaToolingSettings.HBM2DDL_AUTO, "none");
        return build(settings);
    }

    private static SessionFactory build(Map<String, Object> settings) {
        ClassLoader loader = PersistenceUnit.class.getClassLoader();
        StandardServiceRegistry registry = new StandardServiceRegistryBuilder(new BootstrapServiceRegistryBuilder()
                        .applyClassLoader(loader)
                        .build())
                .applySettings(settings)
                // no lazy proxies and no generated accessors: generating classes costs time at every start
                .addService(BytecodeProvider.class, new org.hibernate.bytecode.internal.none.BytecodeProviderImpl())
                .build();
        var sources = new MetadataSources(registry);
        ENTITIES.forEach(sources::addAnnotatedClass);
        sources.addAnnotatedClass(SegmentRow.class);
        sources.addAnnotatedClass(PayloadRow.class);
        return sources.buildMetadata().buildSessionFactory();
    }

    private static Map<String, Object> settings(
            StoreConfig config, Vendor vendor, CompletableFuture<DataSource> ready) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(PersistenceSettings.PERSISTENCE_UNIT_NAME, "broker");
        settings.put(MappingSettings.XML_MAPPING_ENABLED, false);
        settings.put(MappingSettings.JSON_FORMAT_MAPPER, new NoFormat());
        settings.put(MappingSettings.XML_FORMAT_MAPPER, new NoFormat());
        settings.put(PersistenceSettings.SCANNER_DISCOVERY, "none");
        settings.put(QuerySettings.QUERY_STARTUP_CHECKING, false);
        settings.put(CacheSettings.USE_SECOND_LEVEL_CACHE, false);
        settings.put(AvailableSettings.STATIC_METAMODEL_POPULATION, "disabled");
        settings.put(ValidationSettings.JAKARTA_VALIDATION_MODE, "none");
        // so that lists of ids of any length make few different statements
        settings.put(QuerySettings.IN_CLAUSE_PARAMETER_PADDING, true);
        settings.put(BatchSettings.STATEMENT_BATCH_SIZE, 500);
        settings.putAll(config.properties());
        settings.put(JdbcSettings.CONNECTION_PROVIDER, new WhenReady(ready));
        settings.put(JdbcSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true);
        settings.put(
                JdbcSettings.CONNECTION_HANDLING, PhysicalConnectionHandlingMode.DELAYED_ACQUISITION_AND_HOLD.name());
        settings.put(JdbcSettings.ALLOW_METADATA_ON_BOOT, false);
        settings.put(JdbcSettings.JAKARTA_HBM2DDL_DB_NAME, vendor.productName());
        settings.put(JdbcSettings.JAKARTA_HBM2DDL_DB_MAJOR_VERSION, String.valueOf(vendor.majorVersion()));
        settings.put(JdbcSettings.JAKARTA_HBM2DDL_DB_MINOR_VERSION, String.valueOf(vendor.minorVersion()));
        settings.put(SchemaToolingSettings.HBM2DDL_AUTO, "validate");
        return settings;
    }

    /** Gives out connections of the pool, and waits for it to be ready before the first. */
    private static final class WhenReady implements ConnectionProvider {
        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<DataSource> pool;

        WhenReady(CompletableFuture<DataSource> pool) {
            this.pool = pool;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return pool.join().getConnection();
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            connection.close();
        }

        @Override
        public boolean supportsAggressiveRelease() {
            return false;
        }

        @Override
        public boolean isUnwrappableAs(Class<?> type) {
            return type.isInstance(this);
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return type.cast(this);
        }
    }
}
