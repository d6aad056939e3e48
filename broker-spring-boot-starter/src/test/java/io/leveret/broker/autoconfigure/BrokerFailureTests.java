package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class BrokerFailureTests {

    @Test
    void explainsARefusedValueWithoutAStackTrace(CapturedOutput output) {
        run("--broker.limits.channel-max=70000");
        assertThat(output)
                .contains("The property broker.limits.channel-max has the value '70000', which is not allowed.")
                .contains("Set broker.limits.channel-max to an allowed value: 0 (no limit) to 65535.")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsAValueOfTheWrongTypeWithoutAStackTrace(CapturedOutput output) {
        run("--broker.port=amqp");
        assertThat(output)
                .contains("The property broker.port has the value 'amqp', which is not allowed.")
                .contains("Set broker.port to an allowed value: a whole number.")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsTheDefaultPasswordOnAnOpenAddress(CapturedOutput output) {
        run("--broker.address=0.0.0.0");
        assertThat(output)
                .contains("The property broker.password has the value 'guest', which is not allowed.")
                .contains("any other password while broker.address is 0.0.0.0")
                .doesNotContain("\tat ");
    }

    static void run(String... arguments) {
        assertThatException()
                .isThrownBy(() -> SpringApplication.run(App.class, arguments).close());
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({BrokerAutoConfiguration.class, RabbitBrokerConnectionAutoConfiguration.class})
    static class App {}
}
