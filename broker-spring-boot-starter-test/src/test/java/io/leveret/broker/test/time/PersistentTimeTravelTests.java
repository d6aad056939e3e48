package io.leveret.broker.test.time;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.client.PeekedMessage;
import io.leveret.broker.test.junit.BrokerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class PersistentTimeTravelTests {
    @RegisterExtension
    static final BrokerExtension BROKER =
            BrokerExtension.builder().persistent().manualClock().build();

    @Test
    void whatIsOnDiskAloneAfterARestartExpiresInItsTime() throws Exception {
        try (Connection connection = BROKER.connectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.queueDeclare("dead", true, false, false, null);
            channel.queueDeclare(
                    "orders",
                    true,
                    false,
                    false,
                    Map.of(
                            "x-message-ttl",
                            3_600_000,
                            "x-dead-letter-exchange",
                            "",
                            "x-dead-letter-routing-key",
                            "dead"));
            for (int i = 0; i < 30; i++) {
                byte[] body = ("m" + i).getBytes(StandardCharsets.UTF_8);
                channel.basicPublish("", "orders", MessageProperties.PERSISTENT_BASIC, body);
            }
            channel.waitForConfirmsOrDie(60_000);
        }
        BROKER.client().advanceTime(Duration.ofMinutes(30));
        Instant stopped = BROKER.client().now();

        BROKER.restart();

        BrokerTestClient client = BROKER.client();
        assertThat(client.now()).isEqualTo(stopped);
        client.advanceTime(Duration.ofMinutes(30).minusMillis(1));
        assertThat(client.queue("orders").counts().ready()).isEqualTo(30);
        client.advanceTime(Duration.ofMillis(1));
        assertThat(client.queue("dead").counts().ready()).isEqualTo(30);
        assertThat(client.messages("dead"))
                .extracting(PeekedMessage::text)
                .startsWith("m0", "m1")
                .endsWith("m29");
        assertThat(client.messages("orders")).isEmpty();
    }
}
