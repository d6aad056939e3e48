package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BrokerBackOffTests {
    private static final String LINE = "no embedded broker is started: ";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(BrokerAutoConfiguration.class, BrokerBackOffAutoConfiguration.class));

    @Test
    void saysThatTheSettingsNameAnotherBroker(CapturedOutput output) {
        runner.withPropertyValues("spring.rabbitmq.addresses=rabbit.example:5672")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output.toString().lines().filter(line -> line.contains(LINE)))
                .singleElement()
                .asString()
                .contains("INFO", "spring.rabbitmq.addresses names another broker; set broker.enabled=true");
    }

    @Test
    void saysWhichBeanTellsOfAnotherBroker(CapturedOutput output) {
        RabbitConnectionDetails details = () -> List.of(new RabbitConnectionDetails.Address("rabbit.example", 5672));
        runner.withBean("containers", RabbitConnectionDetails.class, () -> details)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output.toString().lines().filter(line -> line.contains(LINE)))
                .singleElement()
                .asString()
                .contains("INFO", "RabbitConnectionDetails", "containers");
    }

    @Test
    void saysNothingIfItWasToldNotToStartOrHasStarted(CapturedOutput output) {
        runner.withPropertyValues("broker.enabled=false", "spring.rabbitmq.host=rabbit.example")
                .run(context -> assertThat(context).doesNotHaveBean(BrokerBackOffLog.class));
        runner.run(context -> assertThat(context).doesNotHaveBean(BrokerBackOffLog.class));
        assertThat(output.toString()).doesNotContain(LINE);
    }
}
