package io.leveret.broker.autoconfigure.info;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class BrokerInfoContributorAutoConfigurationTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(BrokerAutoConfiguration.class, BrokerInfoContributorAutoConfiguration.class));

    @Test
    void isOffUnlessAskedFor() {
        runner.run(context -> assertThat(context).doesNotHaveBean(BrokerInfoContributor.class));
    }

    @Test
    void tellsNameVersionPortsAndVirtualHosts() {
        runner.withPropertyValues("management.info.broker.enabled=true", "broker.virtual-hosts=/,orders")
                .run(context -> {
                    Info.Builder builder = new Info.Builder();
                    context.getBean(BrokerInfoContributor.class).contribute(builder);
                    assertThat(builder.build().getDetails().get("broker").toString())
                            .contains("name=embedded-", "version=", "ports={amqp=", "virtual-hosts=[/, orders]");
                });
    }

    @Test
    void isNotThereWithoutActuator() {
        new ApplicationContextRunner()
                .withUserConfiguration(App.class)
                .withPropertyValues("management.info.broker.enabled=true")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerInfoContributor.class));
    }

    // Read from bytes as in an application, so that no annotation of a missing class is loaded.
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({BrokerAutoConfiguration.class, BrokerInfoContributorAutoConfiguration.class})
    static class App {}
}
