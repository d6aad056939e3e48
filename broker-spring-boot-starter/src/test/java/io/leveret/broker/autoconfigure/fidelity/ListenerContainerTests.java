package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.ShutdownSignalException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
class ListenerContainerTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"BLOCKING, simple", "BLOCKING, direct", "NETTY, simple", "NETTY, direct"})
    void consumesAgainAfterItsQueueWasDeleted(ClientMode mode, String type) throws Exception {
        try (TestApplication application = start(mode, type)) {
            assertReaches(application, "before");
            application.template().execute(channel -> channel.queueDelete("work"));
            // The container has to hear of it: nobody but itself declares the queue again.
            await().atMost(PATIENCE).until(() -> consumers(application, "work") == 1);
            assertReaches(application, "after");
            assertThat(application.closed()).as("connections that were closed").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"BLOCKING, simple", "BLOCKING, direct", "NETTY, simple", "NETTY, direct"})
    void consumesAgainAfterItsConnectionWasForcedToClose(ClientMode mode, String type) throws Exception {
        try (TestApplication application = start(mode, type)) {
            assertReaches(application, "before");
            application.closeConnections("asked for by the test");
            ShutdownSignalException signal = application.closed().poll(60, TimeUnit.SECONDS);
            assertThat(signal).isNotNull();
            assertThat(signal)
                    .hasMessageContaining("reply-code=320")
                    .hasMessageContaining("reply-text=CONNECTION_FORCED - asked for by the test");
            await().atMost(PATIENCE).until(() -> consumers(application, "work") == 1);
            assertReaches(application, "after");
        }
    }

    @ParameterizedTest
    @CsvSource({"BLOCKING, simple", "BLOCKING, direct", "NETTY, simple", "NETTY, direct"})
    void theLimitOfUnacknowledgedMessagesHoldsForEachConsumerByItself(ClientMode mode, String type) throws Exception {
        try (TestApplication application = start(mode, type, "spring.rabbitmq.listener." + type + ".prefetch=3")) {
            App app = application.bean(App.class);
            for (int i = 0; i < 10; i++) {
                application.template().convertAndSend("left", "wait");
                application.template().convertAndSend("right", "wait");
            }
            // One listener, two queues: two consumers, which share a channel in the simple container.
            await().atMost(PATIENCE).until(() -> ready(application, "left") == 7 && ready(application, "right") == 7);
            app.go.countDown();
            await().atMost(PATIENCE).until(() -> app.slow.size() == 20);
        }
    }

    @ParameterizedTest
    @CsvSource({"BLOCKING, simple", "BLOCKING, direct", "NETTY, simple", "NETTY, direct"})
    void aListenerThatThrowsGetsTheNextMessageAllTheSame(ClientMode mode, String type) throws Exception {
        try (TestApplication application =
                start(mode, type, "spring.rabbitmq.listener." + type + ".default-requeue-rejected=false")) {
            application.template().convertAndSend("work", "throw");
            application.template().convertAndSend("work", "throw");
            assertReaches(application, "next");
            assertThat(consumers(application, "work")).isEqualTo(1);
        }
    }

    private static TestApplication start(ClientMode mode, String type, String... properties) {
        String[] all = new String[properties.length + 1];
        System.arraycopy(properties, 0, all, 1, properties.length);
        all[0] = "spring.rabbitmq.listener.type=" + type;
        return TestApplication.start(mode, App.class, all);
    }

    // What was received before may come again: its acknowledgement can be on its way when the connection goes.
    private static void assertReaches(TestApplication application, String text) {
        application.template().convertAndSend("work", text);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(application.bean(App.class).received).contains(text));
    }

    private static int consumers(TestApplication application, String queue) {
        QueueInformation information = application.admin().getQueueInfo(queue);
        return information == null ? 0 : information.getConsumerCount();
    }

    private static long ready(TestApplication application, String queue) {
        QueueInformation information = application.admin().getQueueInfo(queue);
        return information == null ? 0 : information.getMessageCount();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        final BlockingQueue<String> slow = new LinkedBlockingQueue<>();
        final CountDownLatch go = new CountDownLatch(1);

        @Bean
        Queue work() {
            return new Queue("work");
        }

        @Bean
        Queue left() {
            return new Queue("left");
        }

        @Bean
        Queue right() {
            return new Queue("right");
        }

        @Bean
        ContainerCustomizer<SimpleMessageListenerContainer> quickSimple() {
            return container -> {
                container.setRecoveryInterval(50);
                container.setFailedDeclarationRetryInterval(50);
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

        @RabbitListener(queues = "work")
        void work(String text) {
            if (text.equals("throw")) {
                throw new IllegalStateException("thrown by the test");
            }
            received.add(text);
        }

        @RabbitListener(queues = {"left", "right"})
        void slow(String text) throws InterruptedException {
            go.await();
            slow.add(text);
        }
    }
}
