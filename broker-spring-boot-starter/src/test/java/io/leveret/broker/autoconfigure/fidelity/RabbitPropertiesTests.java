package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Settings of Spring Boot's that make a difference at the broker. Those of TLS have tests of their own. */
@Tag("behaviour")
class RabbitPropertiesTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void templateMandatoryWithPublisherReturns(String mandatory) throws Exception {
        try (TestApplication application = start(
                "spring.rabbitmq.publisher-confirm-type=correlated",
                "spring.rabbitmq.publisher-returns=true",
                "spring.rabbitmq.template.mandatory=" + mandatory)) {
            CorrelationData correlation = new CorrelationData();
            application.template().convertAndSend("", "no-such-queue", "lost", correlation);
            assertThat(correlation.getFuture().get(60, TimeUnit.SECONDS).ack()).isTrue();
            assertThat(correlation.getReturned() != null).hasToString(mandatory);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "simple", "correlated"})
    void publisherConfirmType(String type) {
        try (TestApplication application = start("spring.rabbitmq.publisher-confirm-type=" + type)) {
            // Only a channel in confirm mode counts what it publishes.
            Long next = application.template().execute(channel -> {
                channel.basicPublish("", "rejected", null, new byte[1]);
                return channel.getNextPublishSeqNo();
            });
            assertThat(next).isEqualTo(type.equals("none") ? 0 : 2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "simple, none, 0",
        "simple, auto, 0",
        "simple, manual, 1",
        "direct, none, 0",
        "direct, auto, 0",
        "direct, manual, 1"
    })
    void listenerAcknowledgeMode(String type, String mode, int left) throws Exception {
        try (TestApplication application =
                start("spring.rabbitmq.listener.type=" + type, listener(type, "acknowledge-mode=" + mode))) {
            application.template().convertAndSend("work", "message");
            assertThat(application.bean(App.class).received.poll(60, TimeUnit.SECONDS))
                    .isEqualTo("message");
            // What is not acknowledged is there again when the consumer is gone.
            application.bean(RabbitListenerEndpointRegistry.class).stop();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ready(application, "work")).isEqualTo(left));
        }
    }

    @ParameterizedTest
    @CsvSource({"simple, 2", "direct, 2", "simple, 5", "direct, 5"})
    void listenerPrefetch(String type, int prefetch) throws Exception {
        try (TestApplication application = start(
                "spring.rabbitmq.listener.type=" + type,
                listener(type, "acknowledge-mode=manual"),
                listener(type, "prefetch=" + prefetch))) {
            for (int i = 0; i < 8; i++) {
                application.template().convertAndSend("work", "message");
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ready(application, "work")).isEqualTo(8 - prefetch));
            assertThat(application.bean(App.class).received).hasSizeLessThanOrEqualTo(prefetch);
        }
    }

    @ParameterizedTest
    @CsvSource({"simple, true", "simple, false", "direct, true", "direct, false"})
    void listenerDefaultRequeueRejected(String type, boolean requeue) throws Exception {
        try (TestApplication application =
                start("spring.rabbitmq.listener.type=" + type, listener(type, "default-requeue-rejected=" + requeue))) {
            application.template().convertAndSend("work", "throw once");
            String second = application.bean(App.class).received.poll(requeue ? 10_000 : 0, TimeUnit.MILLISECONDS);
            assertThat(second).isEqualTo(requeue ? "throw once" : null);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(ready(application, "rejected")).isEqualTo(requeue ? 0 : 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "direct"})
    void listenerMissingQueuesFatal(String type) {
        Throwable refused = catchThrowable(() -> TestApplication.start(
                        ClientMode.BLOCKING,
                        MissingQueueApp.class,
                        "spring.rabbitmq.listener.type=" + type,
                        listener(type, "missing-queues-fatal=true"),
                        // Spring waits that long for a direct container that failed to start
                        "spring.lifecycle.timeout-per-shutdown-phase=1s")
                .close());
        assertThat(refused).isNotNull();
        try (TestApplication application = TestApplication.start(
                ClientMode.BLOCKING,
                MissingQueueApp.class,
                "spring.rabbitmq.listener.type=" + type,
                listener(type, "missing-queues-fatal=false"))) {
            application.admin().declareQueue(new Queue("missing", false, false, true));
            application.template().convertAndSend("missing", "found");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(application.bean(MissingQueueApp.class).received)
                            .contains("found"));
        }
    }

    @ParameterizedTest
    @CsvSource({"7s, 7", "10m, 60"})
    void requestedHeartbeat(String requested, int negotiated) {
        try (TestApplication application = start("spring.rabbitmq.requested-heartbeat=" + requested)) {
            assertThat(connection(application).getHeartbeat()).isEqualTo(negotiated);
        }
    }

    @Test
    void requestedChannelMax() {
        try (TestApplication application = start("spring.rabbitmq.requested-channel-max=4")) {
            Connection connection = connection(application);
            assertThat(connection.getChannelMax()).isEqualTo(4);
            assertThatException()
                    .isThrownBy(() -> inChannels(application.template(), 6, new ArrayList<>()))
                    .withStackTraceContaining("AmqpResourceNotAvailableException");
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void cacheConnectionMode() throws Exception {
        try (TestApplication application =
                start("spring.rabbitmq.cache.connection.mode=connection", "spring.rabbitmq.cache.connection.size=3")) {
            List<Channel> channels = new ArrayList<>();
            inChannels(application.template(), 3, channels);
            assertThat(channels.stream().map(Channel::getConnection).distinct())
                    .as("connections of three channels at a time")
                    .hasSize(3);
            application.template().convertAndSend("work", "message");
            assertThat(application.bean(App.class).received.poll(60, TimeUnit.SECONDS))
                    .isEqualTo("message");
        }
    }

    @Test
    void dynamic() {
        try (TestApplication application =
                TestApplication.start(ClientMode.BLOCKING, UndeclaredApp.class, "spring.rabbitmq.dynamic=false")) {
            assertThat(application.bean(UndeclaredApp.class).admins.stream()).isEmpty();
            assertThatException()
                    .isThrownBy(
                            () -> application.template().execute(channel -> channel.queueDeclarePassive("undeclared")))
                    .withStackTraceContaining("NOT_FOUND - no queue 'undeclared'");
        }
    }

    /** Opens so many channels inside one another. */
    private static void inChannels(RabbitTemplate template, int count, List<Channel> channels) {
        if (count > 0) {
            template.execute(channel -> {
                channels.add(channel);
                RabbitTemplate other = new RabbitTemplate(template.getConnectionFactory());
                inChannels(other, count - 1, channels);
                return null;
            });
        }
    }

    private static Connection connection(TestApplication application) {
        Connection connection = application.template().execute(Channel::getConnection);
        assertThat(connection).isNotNull();
        return connection;
    }

    private static TestApplication start(String... properties) {
        return TestApplication.start(ClientMode.BLOCKING, App.class, properties);
    }

    private static String listener(String type, String setting) {
        return "spring.rabbitmq.listener." + type + "." + setting;
    }

    private static long ready(TestApplication application, String queue) {
        QueueInformation information = application.admin().getQueueInfo(queue);
        return information == null ? 0 : information.getMessageCount();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private boolean thrown;

        @Bean
        Queue work() {
            return QueueBuilder.durable("work")
                    .deadLetterExchange("")
                    .deadLetterRoutingKey("rejected")
                    .build();
        }

        @Bean
        Queue rejected() {
            return new Queue("rejected");
        }

        @RabbitListener(queues = "work")
        void receive(String text) throws IOException {
            if (text.equals("throw once") && !thrown) {
                thrown = true;
                throw new IOException("thrown by the test");
            }
            received.add(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class MissingQueueApp {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Bean
        ContainerCustomizer<SimpleMessageListenerContainer> quickSimple() {
            return container -> {
                container.setRecoveryInterval(50);
                container.setFailedDeclarationRetryInterval(50);
                container.setDeclarationRetries(0);
            };
        }

        @Bean
        ContainerCustomizer<DirectMessageListenerContainer> quickDirect() {
            return container -> {
                container.setRecoveryInterval(50);
                container.setFailedDeclarationRetryInterval(50);
                container.setMonitorInterval(100);
            };
        }

        @RabbitListener(queues = "missing")
        void receive(String text) {
            received.add(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class UndeclaredApp {
        final ObjectProvider<AmqpAdmin> admins;

        UndeclaredApp(ObjectProvider<AmqpAdmin> admins) {
            this.admins = admins;
        }

        @Bean
        Queue undeclared() {
            return new Queue("undeclared");
        }
    }
}
