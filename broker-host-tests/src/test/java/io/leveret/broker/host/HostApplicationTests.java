package io.leveret.broker.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing of a persistent broker is to be seen in the application that it is in, but the broker. */
class HostApplicationTests {
    /** Beans whose names begin so are ours, and only these may be there because of us. */
    private static final String OURS =
            "broker|brokerStorage|brokerBackupEndpoint|brokerEventLoops|amqpServer|brokerLog|brokerMetrics|"
                    + "brokerHealthIndicator|brokerLazyInitializationExcludeFilter|(spring|client)ConnectionFactoryDependsOnBroker|"
                    + "(broker(\\.metrics)?-)?io\\.leveret\\.broker\\.autoconfigure\\..*";

    @TempDir
    private Path folder;

    enum Host {
        NO_DATABASE(() -> HostClassPath.plain(), "PlainApplication"),
        JDBC(HostClassPath::jdbc, "PlainApplication"),
        JPA(HostClassPath::jpa, "JpaApplication"),
        JPA_VALIDATING(
                HostClassPath::jpa,
                "JpaApplication",
                "--spring.jpa.hibernate.ddl-auto=validate",
                "--spring.sql.init.mode=always",
                "--spring.sql.init.schema-locations=classpath:host/schema.sql"),
        JPA_OPEN_IN_VIEW(HostClassPath::jpa, "JpaApplication", "--spring.main.web-application-type=servlet"),
        TWO_UNITS(HostClassPath::jpa, "TwoUnitsApplication"),
        FLYWAY(
                HostClassPath::flyway,
                "JpaApplication",
                "--spring.flyway.locations=classpath:host/migration",
                "--spring.jpa.hibernate.ddl-auto=validate");

        private final Supplier<HostClassPath> classPath;
        private final String application;
        private final List<String> arguments;

        Host(Supplier<HostClassPath> classPath, String application, String... arguments) {
            this.classPath = classPath;
            this.application = application;
            this.arguments = List.of(arguments);
        }

        HostClassPath withoutBroker() {
            HostClassPath without = classPath.get().withoutBroker();
            return this == NO_DATABASE ? without.withoutDatabases() : without;
        }

        private String[] arguments(Path folder, String name) {
            List<String> all = new ArrayList<>(arguments);
            if (!arguments.contains("--spring.main.web-application-type=servlet")) {
                all.add("--spring.main.web-application-type=none");
            }
            if (this != NO_DATABASE) {
                all.add("--spring.datasource.url=jdbc:h2:mem:" + this + "-" + name + ";DB_CLOSE_DELAY=-1");
            }
            all.addAll(List.of(
                    "--spring.main.banner-mode=off",
                    "--server.port=0",
                    "--management.health.rabbit.enabled=false",
                    "--management.endpoint.health.show-components=always",
                    "--broker.persistent=true",
                    "--broker.data-directory=" + folder.resolve("data")));
            return all.toArray(String[]::new);
        }
    }

    @ParameterizedTest
    @EnumSource
    void looksAsItDoesWithoutTheBroker(Host host) throws Exception {
        Map<String, List<String>> without =
                host.withoutBroker().run(host.application, host.arguments(folder, "without"));
        Map<String, List<String>> with = host.classPath.get().run(host.application, host.arguments(folder, "with"));

        assertThat(folder.resolve("data/broker.mv.db")).exists();
        assertThat(with.keySet()).isEqualTo(without.keySet());
        assertThat(with.get("beans")).containsAll(without.get("beans"));
        List<String> more = new ArrayList<>(with.get("beans"));
        more.removeAll(without.get("beans"));
        assertThat(more)
                .contains("broker", "brokerStorage")
                .allSatisfy(bean -> assertThat(bean).matches(OURS));
        List<String> moreHealth = new ArrayList<>(with.get("health"));
        moreHealth.removeAll(without.get("health"));
        assertThat(moreHealth).containsExactly("broker");
        with.forEach((what, names) -> {
            if (what.startsWith("tables")) {
                assertThat(names).as(what).isEqualTo(without.get(what));
            }
        });
        if (host != Host.NO_DATABASE) {
            assertThat(with.keySet()).anyMatch(what -> what.startsWith("tables"));
        }
    }

    @Test
    void needsNoActuator() throws Exception {
        assertThat(HostClassPath.plain()
                        .runWithoutActuator("PlainApplication", Host.NO_DATABASE.arguments(folder, "bare")))
                .extractingByKey("beans")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("broker")
                .doesNotContain("brokerHealthIndicator");
        assertThat(folder.resolve("data/broker.mv.db")).exists();
    }

    @Test
    void observesWithTheRegistryThatTheActuatorBrings() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(Host.NO_DATABASE.arguments(folder, "observed")));
        arguments.add("--broker.observation.enabled=true");
        assertThat(HostClassPath.plain().run("PlainApplication", arguments.toArray(String[]::new)))
                .extractingByKey("beans")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("observationRegistry", "brokerPublishObservations");
    }

    @Test
    void usesTheSourceThatIsMarkedForIt() throws Exception {
        Map<String, List<String>> report =
                HostClassPath.jpa().run("BrokerSourceApplication", Host.JPA.arguments(folder, "marked"));
        assertThat(report.get("tables of dataSource")).isNotEmpty().noneMatch(table -> table.startsWith("broker_"));
        assertThat(report.get("tables of forTheBroker")).isNotEmpty().allMatch(table -> table.startsWith("broker_"));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void usesTheSourceOfTheApplicationWhenToldToAfterItsMigrations() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(Host.FLYWAY.arguments(folder, "shared")));
        arguments.add("--broker.store.use-application-data-source=true");
        Map<String, List<String>> report =
                HostClassPath.flyway().run("JpaApplication", arguments.toArray(String[]::new));
        assertThat(report.get("tables of dataSource"))
                .contains("customer", "flyway_schema_history", "broker_schema_history");
        assertThat(folder.resolve("data")).doesNotExist();
    }
}
