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

/**
 * The entity manager factory {@code broker}, built in code: nothing is scanned for, and no file is read. It is made without a
 * database, as that can take place beside whatever else a start has to do, and gets one when it is opened.
 */
final class PersistenceUnit implements AutoCloseable {
    private static final List<Class<? extends DefinitionRow>> ENTITIES = DefinitionRows.kinds();

    private final SessionFactory sessions;
    private final CompletableFuture<DataSource> database;

    private PersistenceUnit(SessionFactory sessions, CompletableFuture<DataSource> database) {
        this.sessions = sessions;
        this.database = database;
    }

    /** @param properties further settings of Hibernate */
    static PersistenceUnit build(Vendor vendor, Map<String, String> properties) {
        CompletableFuture<DataSource> database = new CompletableFuture<>();
        ClassLoader loader = PersistenceUnit.class.getClassLoader();
        StandardServiceRegistry registry = new StandardServiceRegistryBuilder(new BootstrapServiceRegistryBuilder()
                        .applyClassLoader(loader)
                        .build())
                .applySettings(settings(vendor, properties, database))
                // no lazy proxies and no generated accessors: generating classes costs time at every start
                .addService(BytecodeProvider.class, new org.hibernate.bytecode.internal.none.BytecodeProviderImpl())
                .build();
        var sources = new MetadataSources(registry);
        ENTITIES.forEach(sources::addAnnotatedClass);
        sources.addAnnotatedClass(SegmentRow.class);
        sources.addAnnotatedClass(PayloadRow.class);
        return new PersistenceUnit(sources.buildMetadata().buildSessionFactory(), database);
    }

    /**
     * Begins to use a database, whose tables must be there.
     *
     * @throws org.hibernate.HibernateException if they are not what the entities need
     */
    SessionFactory open(DataSource connections) {
        database.complete(connections);
        sessions.getSchemaManager().validateMappedObjects();
        return sessions;
    }

    boolean isOpen() {
        return sessions.isOpen();
    }

    @Override
    public void close() {
        sessions.close();
    }

    private static Map<String, Object> settings(
            Vendor vendor, Map<String, String> properties, CompletableFuture<DataSource> database) {
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
        settings.putAll(properties);
        settings.put(JdbcSettings.CONNECTION_PROVIDER, new WhenOpened(database));
        settings.put(JdbcSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true);
        settings.put(
                JdbcSettings.CONNECTION_HANDLING, PhysicalConnectionHandlingMode.DELAYED_ACQUISITION_AND_HOLD.name());
        settings.put(JdbcSettings.ALLOW_METADATA_ON_BOOT, false);
        settings.put(JdbcSettings.JAKARTA_HBM2DDL_DB_NAME, vendor.productName());
        settings.put(JdbcSettings.JAKARTA_HBM2DDL_DB_MAJOR_VERSION, String.valueOf(vendor.majorVersion()));
        settings.put(JdbcSettings.JAKARTA_HBM2DDL_DB_MINOR_VERSION, String.valueOf(vendor.minorVersion()));
        // when it is opened
        settings.put(SchemaToolingSettings.HBM2DDL_AUTO, "none");
        return settings;
    }

    /** Gives out connections of the database. Nothing asks for one before the unit has been opened. */
    private static final class WhenOpened implements ConnectionProvider {
        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<DataSource> database;

        WhenOpened(CompletableFuture<DataSource> database) {
            this.database = database;
        }

        @Override
        public Connection getConnection() throws SQLException {
            DataSource opened = database.getNow(null);
            if (opened == null) {
                throw new SQLException("the persistence unit has no database yet");
            }
            return opened.getConnection();
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
