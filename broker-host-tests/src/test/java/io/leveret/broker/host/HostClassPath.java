package io.leveret.broker.host;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What an application has on its class path: all that these tests have, without what is taken away. */
final class HostClassPath {
    /** Ours, each in the folder of its module or in a jar. */
    private static final Pattern BROKER = Pattern.compile("/broker-(core|amqp|store-jpa|spring-boot-starter)[/-]");

    /** What ours brings along and an application without it does not have. */
    private static final Pattern DATABASES = Pattern.compile(
            "/(hibernate-|HikariCP-|flyway-|h2-|postgresql-|jakarta\\.persistence|jboss-logging|byte-buddy|antlr4|jandex|hibernate-models)[^/]*\\.jar$");

    private static final Pattern JDBC_SUPPORT =
            Pattern.compile("/(spring-boot-(starter-)?jdbc|spring-jdbc)[^/]*\\.jar$");
    private static final Pattern JPA_SUPPORT = Pattern.compile(
            "/(spring-boot-(starter-)?(data-jpa|hibernate|jpa|data-commons)|spring-data|spring-orm)[^/]*\\.jar$");
    private static final Pattern ACTUATOR =
            Pattern.compile("/spring-boot-(starter-)?(actuator|health|micrometer)[^/]*\\.jar$");
    private static final Pattern FLYWAY_SUPPORT = Pattern.compile("/spring-boot-(starter-)?flyway[^/]*\\.jar$");

    private final List<String> entries;

    private HostClassPath(List<String> entries) {
        this.entries = entries;
    }

    private static HostClassPath everything() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new HostClassPath(Arrays.asList(path.split(File.pathSeparator)));
    }

    /** Of an application without any database. */
    static HostClassPath plain() {
        return jdbc().without(JDBC_SUPPORT);
    }

    /** Of one that uses JDBC. */
    static HostClassPath jdbc() {
        return jpa().without(JPA_SUPPORT);
    }

    /** Of one that uses JPA. */
    static HostClassPath jpa() {
        return flyway().without(FLYWAY_SUPPORT);
    }

    /** Of one that uses JPA and Flyway. */
    static HostClassPath flyway() {
        return everything();
    }

    HostClassPath withoutBroker() {
        return without(BROKER);
    }

    /** To be used where the application itself has no databases, without which the broker needs none either. */
    HostClassPath withoutDatabases() {
        return without(DATABASES);
    }

    private HostClassPath without(Pattern unwanted) {
        return new HostClassPath(entries.stream()
                .filter(entry -> !unwanted.matcher(entry.replace(File.separatorChar, '/'))
                        .find())
                .toList());
    }

    /** Runs an application that sees this class path and nothing else. */
    Map<String, List<String>> run(String application, String... arguments) throws Exception {
        return run(HostRun.class, application, arguments);
    }

    /** The same of an application that has no actuator. */
    Map<String, List<String>> runWithoutActuator(String application, String... arguments) throws Exception {
        return without(ACTUATOR).run(HostStart.class, application, arguments);
    }

    private Map<String, List<String>> run(Class<?> runner, String application, String... arguments) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(
                entries.stream().map(HostClassPath::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            @SuppressWarnings("unchecked")
            Map<String, List<String>> report = (Map<String, List<String>>) loader.loadClass(runner.getName())
                    .getMethod("run", String.class, String[].class)
                    .invoke(null, "io.leveret.broker.host.application." + application, arguments);
            return report;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }
}
