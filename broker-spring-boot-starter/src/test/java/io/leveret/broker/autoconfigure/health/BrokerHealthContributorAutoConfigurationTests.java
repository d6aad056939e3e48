package io.leveret.broker.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.BootDefinitions;
import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.journal.JournalSegment;
import io.leveret.broker.journal.MessageJournal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class BrokerHealthContributorAutoConfigurationTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    BrokerAutoConfiguration.class, BrokerHealthContributorAutoConfiguration.class));

    @Test
    void isUpWithNameVersionAndUptime() {
        runner.withPropertyValues("broker.name=rabbit@test").run(context -> {
            Health health = context.getBean("brokerHealthIndicator", HealthIndicator.class)
                    .health();
            assertThat(health).isNotNull();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("name", "rabbit@test")
                    .containsEntry("connections", 0)
                    .containsKeys("version", "uptime", "port");
        });
    }

    @Test
    void showsAlarmsAndStaysUp() {
        runner.run(context -> {
            HealthIndicator indicator = context.getBean("brokerHealthIndicator", HealthIndicator.class);
            assertThat(details(indicator)).containsEntry("alarms", List.of());
            context.getBean(Broker.class)
                    .alarms()
                    .setDiskFreeLimit(Long.MAX_VALUE)
                    .join();
            assertThat(details(indicator)).containsEntry("alarms", List.of("disk"));
            assertThat(indicator.health(false)).extracting(Health::getStatus).isEqualTo(Status.UP);
        });
    }

    @Test
    void isDownWhileNothingCanBeStored() {
        runner.withUserConfiguration(StoringBroker.class).run(context -> {
            FailingJournal journal = context.getBean(FailingJournal.class);
            HealthIndicator indicator = context.getBean("brokerHealthIndicator", HealthIndicator.class);
            assertThat(indicator.health(false)).extracting(Health::getStatus).isEqualTo(Status.UP);
            assertThat(details(indicator)).containsEntry("journal", "available");

            journal.failing = true;
            publish(context.getBean(AmqpServer.class).port());
            await().untilAsserted(() -> assertThat(indicator.health(false))
                    .extracting(Health::getStatus)
                    .isEqualTo(Status.DOWN));
            assertThat(details(indicator)).extractingByKey("journal").asString().startsWith("commits fail");

            journal.failing = false;
            await().untilAsserted(() -> assertThat(indicator.health(false))
                    .extracting(Health::getStatus)
                    .isEqualTo(Status.UP));
            assertThat(details(indicator)).containsEntry("journal", "available");
        });
    }

    private static void publish(int port) throws Exception {
        try (Connection connection = LoopbackClient.connect(port);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("q", true, false, false, null);
            channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[1]);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StoringBroker {
        @Bean
        FailingJournal journal() {
            return new FailingJournal();
        }

        @Bean
        Broker broker(NettyEventLoops loops, FailingJournal journal) {
            return Broker.start(
                    BrokerConfig.defaults("storing"),
                    loops,
                    new InMemoryDefinitionStore(),
                    journal,
                    BootDefinitions.NONE,
                    List.of());
        }
    }

    /** Keeps nothing, and says that it can't when told to. */
    private static final class FailingJournal implements MessageJournal {
        volatile boolean failing;

        @Override
        public void commit(JournalChanges changes) {
            if (failing) {
                throw new JournalException("the database is gone", null);
            }
        }

        @Override
        public void loadSettlements(SettlementsVisitor visitor) {}

        @Override
        public void loadEntries(EntriesVisitor visitor) {}

        @Override
        public @Nullable JournalSegment read(long id) {
            return null;
        }

        @Override
        public void close() {}
    }

    private static Map<String, Object> details(HealthIndicator indicator) {
        Health health = indicator.health();
        assertThat(health).isNotNull();
        return health.getDetails();
    }

    @Test
    void canBeSwitchedOff() {
        runner.withPropertyValues("management.health.broker.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("brokerHealthIndicator"));
    }

    @Test
    void isNotThereWithoutABroker() {
        runner.withPropertyValues("broker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("brokerHealthIndicator"));
    }

    @Test
    void isNotThereWithoutBootsHealth() {
        new ApplicationContextRunner()
                .withUserConfiguration(App.class)
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("brokerHealthIndicator"));
    }

    // Read from bytes as in an application, so that no annotation of a missing class is loaded.
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({BrokerAutoConfiguration.class, BrokerHealthContributorAutoConfiguration.class})
    static class App {}
}
