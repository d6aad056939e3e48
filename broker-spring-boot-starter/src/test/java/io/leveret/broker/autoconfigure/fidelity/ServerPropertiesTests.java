package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import com.rabbitmq.client.Connection;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.amqp.health.RabbitHealthIndicator;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
class ServerPropertiesTests {
    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void nameTheVersionAndWhatTheBrokerCanDo(ClientMode mode) {
        try (TestApplication application = TestApplication.start(mode, App.class)) {
            Map<String, Object> properties = application.template().execute(channel -> {
                Connection connection = channel.getConnection();
                return connection.getServerProperties();
            });
            assertThat(properties).containsKeys("product", "version", "platform", "copyright", "cluster_name");
            assertThat(properties.get("version").toString()).matches("\\d+\\.\\d+\\.\\d+.*");
            assertThat(properties.get("capabilities"))
                    .asInstanceOf(map(String.class, Object.class))
                    .contains(
                            Map.entry("publisher_confirms", true),
                            Map.entry("exchange_exchange_bindings", true),
                            Map.entry("basic.nack", true),
                            Map.entry("consumer_cancel_notify", true),
                            Map.entry("connection.blocked", true),
                            Map.entry("consumer_priorities", true),
                            Map.entry("authentication_failure_close", true),
                            Map.entry("per_consumer_qos", true),
                            Map.entry("direct_reply_to", true));
        }
    }

    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void letBootsHealthIndicatorShowTheVersion(ClientMode mode) {
        try (TestApplication application = TestApplication.start(mode, App.class)) {
            Health health = new RabbitHealthIndicator(application.template()).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails().get("version")).asString().matches("\\d+\\.\\d+\\.\\d+.*");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {}
}
