package io.leveret.broker.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.Broker;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
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
