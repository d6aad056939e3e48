package io.leveret.broker.test.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.test.client.BrokerTestClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("behaviour")
@ExtendWith(BrokerExtension.class)
class BrokerParametersTests {
    private final Broker ofClass;

    BrokerParametersTests(Broker ofClass) {
        this.ofClass = ofClass;
    }

    @Test
    void resolvesWhatATestNeeds(Broker broker, ConnectionFactory factory, BrokerTestClient client) throws Exception {
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("hello", false, true, false, null);
            channel.basicPublish("", "hello", null, "Hello".getBytes(StandardCharsets.UTF_8));
            client.queue("hello").awaitReady(1);
            assertThat(client.broker()).isSameAs(broker).isSameAs(ofClass);
            assertThat(broker.virtualHost("/").queue("hello")).isNotNull();
        }
    }

    @Test
    void aFactoryIsTheTestsOwnToChange(ConnectionFactory one, ConnectionFactory other) {
        one.setPort(1);
        assertThat(other.getPort()).isNotEqualTo(1);
    }

    @Nested
    class Inner {
        @Test
        void hasTheSameBroker(Broker broker) {
            assertThat(broker).isSameAs(ofClass);
        }
    }
}
