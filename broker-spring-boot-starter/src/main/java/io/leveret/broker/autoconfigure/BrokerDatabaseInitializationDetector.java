package io.leveret.broker.autoconfigure;

import java.util.Set;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitializationDetector;
import org.springframework.core.env.Environment;

/**
 * Where the broker shares a database with the application, the application's own migrations go first: Flyway refuses a database
 * that has tables and is new to it.
 */
final class BrokerDatabaseInitializationDetector implements DependsOnDatabaseInitializationDetector {
    private static final String STORAGE = "brokerStorage";

    private final Environment environment;

    BrokerDatabaseInitializationDetector(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Set<String> detect(ConfigurableListableBeanFactory beans) {
        boolean shares = isSet("broker.persistent")
                && (isSet("broker.store.use-application-data-source") || hasDataSource(beans));
        return shares && beans.containsBeanDefinition(STORAGE) ? Set.of(STORAGE) : Set.of();
    }

    private boolean isSet(String property) {
        return environment.getProperty(property, Boolean.class, false);
    }

    private static boolean hasDataSource(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(DataSource.class, true, false)) {
            if (beans.findAnnotationOnBean(name, BrokerDataSource.class, false) != null) {
                return true;
            }
        }
        return false;
    }
}
