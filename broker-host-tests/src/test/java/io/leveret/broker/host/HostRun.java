package io.leveret.broker.host;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs an application and tells what was in it. Called by reflection, in a class loader of the application's. */
public final class HostRun {
    private HostRun() {}

    /** @return {@code beans}, {@code health} and, for each DataSource bean, {@code tables of <bean>}, all in lower case */
    public static Map<String, List<String>> run(String application, String... arguments) throws Exception {
        // a JVM has one such factory, and each run has a Tomcat of its own
        TomcatURLStreamHandlerFactory.disable();
        Map<String, List<String>> report = new TreeMap<>();
        try (ConfigurableApplicationContext context = SpringApplication.run(Class.forName(application), arguments)) {
            report.put("beans", List.of(context.getBeanDefinitionNames()));
            List<String> health = new ArrayList<>();
            addHealth("", context.getBean(HealthEndpoint.class).health(), health);
            report.put("health", health);
            // the class path may be without JDBC support, but the type is Java's own
            for (Map.Entry<String, DataSource> source :
                    context.getBeansOfType(DataSource.class).entrySet()) {
                report.put("tables of " + source.getKey(), tables(source.getValue()));
            }
            for (Runnable check : context.getBeansOfType(Runnable.class).values()) {
                check.run();
            }
        }
        return report;
    }

    private static void addHealth(String path, HealthDescriptor health, List<String> names) {
        if (health instanceof CompositeHealthDescriptor composite && composite.getComponents() != null) {
            composite.getComponents().forEach((name, part) -> {
                names.add(path + name);
                addHealth(path + name + "/", part, names);
            });
        }
    }

    private static List<String> tables(DataSource source) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = source.getConnection();
                ResultSet tables =
                        connection.getMetaData().getTables(null, "PUBLIC", "%", new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
