package io.leveret.broker.test.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.leveret.broker.Broker;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.loop.BrokerClock;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class TestAutoConfigurationTests {
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    BrokerTestClientAutoConfiguration.class,
                    BrokerAutoConfiguration.class,
                    ManualClockAutoConfiguration.class));

    @Test
    void aContextWithABrokerHasAClientOfIt() {
        contexts.run(context -> {
            BrokerTestClient client = context.getBean(BrokerTestClient.class);
            assertThat(client.broker()).isSameAs(context.getBean(Broker.class));
            assertThat(context).doesNotHaveBean(BrokerClock.class);
            assertThatIllegalStateException().isThrownBy(client::now);
        });
    }

    @Test
    void aContextWithoutABrokerHasNone() {
        contexts.withPropertyValues("broker.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(BrokerTestClient.class));
    }

    @Test
    void aPropertyGivesTheBrokerAClockOfItsOwn() {
        contexts.withPropertyValues("broker.test.manual-clock=true").run(context -> {
            BrokerTestClient client = context.getBean(BrokerTestClient.class);
            Instant before = client.now();
            client.advanceTime(Duration.ofDays(1));
            assertThat(client.now()).isEqualTo(before.plus(Duration.ofDays(1)));
            assertThat(ManualClock.of(client.broker())).isSameAs(context.getBean(ManualClock.class));
        });
    }

    @Test
    void aClockOfTheUsersGoesBeforeOurs() {
        contexts.withPropertyValues("broker.test.manual-clock=true")
                .withUserConfiguration(OwnClock.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(ManualClock.class);
                    assertThat(ManualClock.of(context.getBean(Broker.class))).isNull();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClock {
        @Bean
        BrokerClock clock() {
            return loop -> loop;
        }
    }
}
