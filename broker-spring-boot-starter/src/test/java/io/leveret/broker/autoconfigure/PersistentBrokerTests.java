package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.store.JpaStore;
import io.leveret.broker.store.StoreConfig;
import jakarta.persistence.EntityManagerFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class PersistentBrokerTests {
    @TempDir
    private Path folder;

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BrokerAutoConfiguration.class));

    @Test
    void keepsNothingUnlessToldTo() {
        runner.withPropertyValues(data()).run(context -> {
            assertThat(context.getBean(BrokerStorage.class).messages()).isNull();
            assertThat(folder.resolve("data")).doesNotExist();
        });
    }

    @Test
    void findsQueuesAndMessagesAgain() {
        ApplicationContextRunner persistent = runner.withPropertyValues(data(), "broker.persistent=true");
        persistent.run(context -> {
            assertThat(context).hasNotFailed();
            publish(context);
        });
        assertThat(folder.resolve("data/broker.mv.db")).exists();
        persistent.run(context -> assertThat(fetch(context)).isEqualTo("kept"));
    }

    @Test
    void hasNoBeanOfADatabase() {
        runner.withPropertyValues(data(), "broker.persistent=true").run(context -> {
            assertThat(context)
                    .doesNotHaveBean(DataSource.class)
                    .doesNotHaveBean(EntityManagerFactory.class)
                    .doesNotHaveBean(JpaStore.class);
            assertThat(context.getBean(BrokerStorage.class).directory()).isEqualTo(folder.resolve("data"));
        });
    }

    @Test
    void watchesTheDiskOfTheData() {
        runner.withPropertyValues(data(), "broker.persistent=true", "broker.alarms.enabled=true")
                .run(context -> assertThat(
                                context.getBean(Broker.class).config().alarms().diskDirectory())
                        .isEqualTo(folder.resolve("data")));
    }

    @Test
    void usesTheDatabaseOfTheSettings() {
        runner.withPropertyValues(
                        data(),
                        "broker.persistent=true",
                        "broker.store.url=jdbc:h2:mem:settings",
                        "broker.store.username=app",
                        "broker.store.password=secret",
                        "broker.store.properties.hibernate.jdbc.batch_size=7")
                .run(context -> {
                    assertThat(context.getBean(BrokerStorage.class).describe())
                            .isEqualTo("data in jdbc:h2:mem:settings");
                    assertThat(context.getBean(BrokerStorage.class).directory()).isNull();
                    assertThat(folder.resolve("data")).doesNotExist();
                });
    }

    @Test
    void usesTheMarkedSourceBeforeTheSettingsAndNeverTheApplications() {
        runner.withUserConfiguration(SourcesConfiguration.class)
                .withPropertyValues("broker.persistent=true", "broker.store.url=jdbc:h2:mem:settings")
                .run(context -> assertThat(context.getBean(BrokerStorage.class).describe())
                        .isEqualTo("data in jdbc:h2:mem:marked"));
        runner.withUserConfiguration(OwnSourceConfiguration.class)
                .withPropertyValues(data(), "broker.persistent=true")
                .run(context -> assertThat(context.getBean(BrokerStorage.class).directory())
                        .isEqualTo(folder.resolve("data")));
    }

    @Test
    void usesTheApplicationsSourceWhenToldTo() {
        runner.withUserConfiguration(OwnSourceConfiguration.class)
                .withPropertyValues(data(), "broker.persistent=true", "broker.store.use-application-data-source=true")
                .run(context -> assertThat(context.getBean(BrokerStorage.class).describe())
                        .isEqualTo("data in jdbc:h2:mem:own"));
    }

    @Test
    void importsItsDefinitionsOnceAndAgain() throws Exception {
        Path file = Files.writeString(
                folder.resolve("definitions.json"),
                "{\"vhosts\":[{\"name\":\"/\"}],\"queues\":[{\"vhost\":\"/\",\"name\":\"q\",\"durable\":true,"
                        + "\"auto_delete\":false,\"arguments\":{}}],\"bindings\":[{\"vhost\":\"/\","
                        + "\"source\":\"amq.fanout\",\"destination\":\"q\",\"destination_type\":\"queue\","
                        + "\"routing_key\":\"\",\"arguments\":{}}]}");
        ApplicationContextRunner importing =
                runner.withPropertyValues(data(), "broker.persistent=true", "broker.definitions=" + file);
        importing.run(PersistentBrokerTests::publish);
        int stored = stored();
        importing.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(fetch(context)).isEqualTo("kept");
        });
        assertThat(stored()).isEqualTo(stored);
    }

    @Test
    void startsEarlyAndClosesEverything() {
        for (int i = 0; i < 2; i++) {
            SpringApplication application = new SpringApplication(EmptyConfiguration.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            EarlyBroker broker = new EarlyBroker();
            application.addListeners(broker);
            application.addInitializers(broker);
            try (ConfigurableApplicationContext context = application.run("--broker.persistent=true", "--" + data())) {
                assertThat(context.getBean(BrokerStorage.class).definitions().load())
                        .isNotEmpty();
                if (i == 0) {
                    publish(context);
                } else {
                    assertThat(fetch(context)).isEqualTo("kept");
                }
            }
        }
    }

    @Test
    void namesTheDependencyThatIsMissing() {
        FilteredClassLoader without = new FilteredClassLoader("io.leveret.broker.store");
        runner.withClassLoader(without)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(AmqpServer.class));
        runner.withClassLoader(without)
                .withPropertyValues("broker.persistent=true")
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis =
                            new MissingBrokerStoreFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription())
                            .startsWith("The property broker.persistent is 'true', but the module");
                    assertThat(analysis.getAction())
                            .isEqualTo(
                                    "Add the dependency io.leveret:broker-store-jpa, or set broker.persistent=false to keep"
                                            + " everything in memory.");
                });
    }

    @Test
    void explainsADirectoryThatAnotherBrokerHas(CapturedOutput output) {
        runner.withPropertyValues(data(), "broker.persistent=true").run(context -> {
            BrokerFailureTests.run("--broker.persistent=true", "--" + data());
            assertThat(output)
                    .contains("The broker can't open its data: the database " + folder.resolve("data/broker.mv.db")
                            + " is in use already")
                    .contains("comes from broker.data-directory, which is '" + folder.resolve("data") + "'.")
                    .contains("Set broker.data-directory to a directory that this user may write to and that no other"
                            + " broker uses, or set broker.persistent=false")
                    .doesNotContain("\tat ");
        });
    }

    @Test
    void explainsADirectoryThatCanNotBeWritten(CapturedOutput output) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        BrokerFailureTests.run("--broker.persistent=true", "--broker.data-directory=" + file);
        assertThat(output)
                .contains("no database can be kept in " + file)
                .contains("Set broker.data-directory to a directory that this user may write to")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsAWrongPassword(CapturedOutput output) throws Exception {
        String url = "--broker.store.url=jdbc:h2:file:" + folder.resolve("mine");
        runner.withPropertyValues(
                        "broker.persistent=true",
                        url.substring(2),
                        "broker.store.username=app",
                        "broker.store.password=right")
                .run(context -> assertThat(context).hasNotFailed());
        BrokerFailureTests.run(
                "--broker.persistent=true", url, "--broker.store.username=app", "--broker.store.password=wrong");
        assertThat(output)
                .contains("Wrong user name or password")
                .contains("That database comes from broker.store.url.")
                .contains("broker.store.username and broker.store.password")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsThatThereIsNoSourceToShare(CapturedOutput output) {
        BrokerFailureTests.run("--broker.persistent=true", "--broker.store.use-application-data-source=true");
        assertThat(output)
                .contains("The property broker.store.use-application-data-source has the value 'true'")
                .contains("false in an application that has no DataSource of its own")
                .doesNotContain("\tat ");
    }

    private String data() {
        return "broker.data-directory=" + folder.resolve("data");
    }

    private int stored() {
        try (JpaStore store = JpaStore.open(StoreConfig.h2(folder.resolve("data")))) {
            return store.definitions().load().size();
        }
    }

    private static void publish(ApplicationContext context) {
        use(context, channel -> {
            channel.queueDeclare("q", true, false, false, Map.of());
            channel.confirmSelect();
            channel.basicPublish(
                    "", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC, "kept".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(60_000);
            return "";
        });
    }

    private static String fetch(ApplicationContext context) {
        return use(context, channel -> {
            GetResponse response = channel.basicGet("q", false);
            return response == null ? "nothing" : new String(response.getBody(), StandardCharsets.UTF_8);
        });
    }

    private interface Use {
        String with(Channel channel) throws Exception;
    }

    private static String use(ApplicationContext context, Use use) {
        try (Connection connection =
                        LoopbackClient.connect(context.getBean(AmqpServer.class).port());
                Channel channel = connection.createChannel()) {
            return use.with(channel);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JdbcDataSource source(String name) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        source.setUser("sa");
        return source;
    }

    @Configuration(proxyBeanMethods = false)
    static class EmptyConfiguration {}

    @Configuration(proxyBeanMethods = false)
    static class OwnSourceConfiguration {
        @Bean
        DataSource own() {
            return source("own");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SourcesConfiguration {
        @Bean
        DataSource own() {
            return source("own");
        }

        @Bean(defaultCandidate = false)
        @BrokerDataSource
        DataSource marked() {
            return source("marked");
        }
    }
}
