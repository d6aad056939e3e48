package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
class PublisherTests {
    private static final String[] CORRELATED = {
        "spring.rabbitmq.publisher-confirm-type=correlated",
        "spring.rabbitmq.publisher-returns=true",
        "spring.rabbitmq.template.mandatory=true"
    };

    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void aMessageComesBackBeforeItIsConfirmed(ClientMode mode) {
        try (TestApplication application = TestApplication.start(mode, App.class)) {
            List<String> events = new CopyOnWriteArrayList<>();
            application.template().execute(channel -> {
                channel.addReturnListener(returned -> events.add("returned " + new String(returned.getBody())));
                channel.addConfirmListener(
                        (tag, multiple) -> events.add("confirmed"), (tag, multiple) -> events.add("nacked"));
                channel.confirmSelect();
                for (int i = 0; i < 3; i++) {
                    channel.basicPublish(
                            "", "no-such-queue", true, null, Integer.toString(i).getBytes());
                    int seen = 2 * (i + 1);
                    await().atMost(Duration.ofSeconds(60)).until(() -> events.size() == seen);
                }
                return null;
            });
            assertThat(events)
                    .containsExactly("returned 0", "confirmed", "returned 1", "confirmed", "returned 2", "confirmed");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void theTemplateKnowsOfEachMessageWhetherItWasRouted(ClientMode mode) throws Exception {
        try (TestApplication application = TestApplication.start(mode, App.class, CORRELATED)) {
            RabbitTemplate template = application.template();
            List<CorrelationData> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                CorrelationData correlation = new CorrelationData();
                template.convertAndSend("", i % 2 == 0 ? "inbox" : "no-such-queue", "message", correlation);
                sent.add(correlation);
            }
            for (int i = 0; i < sent.size(); i++) {
                CorrelationData correlation = sent.get(i);
                assertThat(correlation.getFuture().get(60, TimeUnit.SECONDS).ack())
                        .isTrue();
                assertThat(correlation.getReturned() != null)
                        .as("message %d came back", i)
                        .isEqualTo(i % 2 == 1);
            }
            assertThat(application.admin().purgeQueue("inbox")).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void theThreadWaitsForItsOwnConfirms(ClientMode mode) {
        try (TestApplication application =
                TestApplication.start(mode, App.class, "spring.rabbitmq.publisher-confirm-type=simple")) {
            Boolean confirmed = application.template().invoke(operations -> {
                operations.convertAndSend("inbox", "1");
                operations.convertAndSend("inbox", "2");
                return operations.waitForConfirms(60_000);
            });
            assertThat(confirmed).isTrue();
            assertThat(application.admin().purgeQueue("inbox")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void aTransactionThatIsRolledBackPublishesNothing(ClientMode mode) {
        try (TestApplication application = TestApplication.start(mode, App.class)) {
            RabbitTemplate template = new RabbitTemplate(application.template().getConnectionFactory());
            template.setChannelTransacted(true);
            assertThatExceptionOfType(AmqpException.class)
                    .isThrownBy(() -> template.execute(channel -> {
                        channel.basicPublish("", "inbox", null, new byte[1]);
                        throw new AmqpException("failed by the test");
                    }));
            template.convertAndSend("inbox", "committed");
            // RabbitMQ's commit does not wait for queues
            template.setReceiveTimeout(60_000);
            assertThat(template.receiveAndConvert("inbox")).isEqualTo("committed");
            assertThat(application.admin().purgeQueue("inbox")).isZero();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Queue inbox() {
            return new Queue("inbox");
        }
    }
}
