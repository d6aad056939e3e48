package io.leveret.samples.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@SpringBootTest
@ExtendWith(OutputCaptureExtension.class)
class HelloApplicationTests {
    @Value("${local.broker.port}")
    int brokerPort;

    @Autowired
    ConnectionFactory client;

    @Test
    void whatIsSentArrives(CapturedOutput output) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(output).contains("Received 'Hello World!'"));
    }

    @Test
    void theClientTalksToTheBrokerInsideTheApplication() {
        assertThat(client.getHost()).isEqualTo("127.0.0.1");
        assertThat(client.getPort()).isEqualTo(brokerPort);
    }
}
