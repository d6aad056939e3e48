package io.leveret.broker.test.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.Broker;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.client.PeekedMessage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.test.context.ContextConfiguration;

@Tag("behaviour")
class SliceTests {

    @SpringBootConfiguration
    static class App {}

    @Nested
    @JsonTest
    @ContextConfiguration(classes = App.class)
    class Plain {
        @Test
        void aSliceHasNoBroker(
                @Autowired ObjectProvider<Broker> broker, @Autowired ObjectProvider<BrokerTestClient> client) {
            assertThat(broker.getIfAvailable()).isNull();
            assertThat(client.getIfAvailable()).isNull();
        }
    }

    @Nested
    @JsonTest(properties = "broker.name=slice")
    @ContextConfiguration(classes = App.class)
    @AutoConfigureEmbeddedBroker
    class OptedIn {
        @LocalBrokerPort
        int port;

        @Autowired
        RabbitTemplate template;

        @Autowired
        BrokerTestClient client;

        @Test
        void aSliceThatAsksForItHasABrokerAndSpringAmqp(@Autowired AmqpAdmin admin) {
            admin.declareQueue(new Queue("slices"));
            template.convertAndSend("slices", "one");
            client.queue("slices").awaitReady(1);
            assertThat(client.messages("slices"))
                    .extracting(PeekedMessage::text)
                    .containsExactly("one");
            assertThat(client.broker().config().name()).isEqualTo("slice");
        }

        @Test
        void thePortIsInjectedIntoFieldsAndParameters(@LocalBrokerPort int parameter) {
            assertThat(port).isPositive().isEqualTo(parameter);
            assertThat(template.getConnectionFactory().getPort()).isEqualTo(port);
        }
    }
}
