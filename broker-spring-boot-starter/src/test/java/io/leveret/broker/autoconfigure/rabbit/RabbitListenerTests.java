package io.leveret.broker.autoconfigure.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import io.leveret.broker.autoconfigure.fidelity.BrokerUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;

@Tag("behaviour")
@SpringBootTest(classes = RabbitListenerTests.App.class)
@ContextConfiguration(initializers = BrokerUnderTest.class)
class RabbitListenerTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    RabbitTemplate template;

    @Autowired
    RabbitAdmin admin;

    @Autowired
    RabbitListenerEndpointRegistry registry;

    @Autowired
    App app;

    @BeforeEach
    void forget() {
        app.seen.clear();
    }

    @Test
    void autoModeAcknowledgesWhenTheListenerReturns() {
        template.convertAndSend("auto", "fine");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.seen).containsExactly("auto fine false"));
        assertThatNothingComesBack("auto-listener", "auto");
    }

    @Test
    void autoModeRequeuesWhenTheListenerFails() {
        template.convertAndSend("auto", "fail-once");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(app.seen).containsExactly("auto fail-once false", "auto fail-once true"));
        assertThatNothingComesBack("auto-listener", "auto");
    }

    @Test
    void autoModeDropsWhatTheListenerRejects() {
        template.convertAndSend("auto", "reject");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.seen).containsExactly("auto reject false"));
        assertThatNothingComesBack("auto-listener", "auto");
    }

    @Test
    void manualModeKeepsAMessageUntilTheListenerAcknowledges() {
        template.convertAndSend("manual", "fine");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.seen).containsExactly("manual fine false"));
        assertThatNothingComesBack("manual-listener", "manual");
    }

    @Test
    void manualModeGetsBackWhatItNacks() {
        template.convertAndSend("manual", "nack-once");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(app.seen).containsExactly("manual nack-once false", "manual nack-once true"));
        assertThatNothingComesBack("manual-listener", "manual");
    }

    @Test
    void manualModeGivesBackWhatWasNotAcknowledgedWhenTheListenerStops() {
        template.convertAndSend("manual", "keep");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.seen).containsExactly("manual keep false"));
        registry.getListenerContainer("manual-listener").stop();
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(admin.getQueueInfo("manual").getMessageCount())
                            .isEqualTo(1));
            Message again = template.receive("manual", PATIENCE.toMillis());
            assertThat(again).isNotNull();
            assertThat(again.getMessageProperties().isRedelivered()).isTrue();
        } finally {
            registry.getListenerContainer("manual-listener").start();
        }
    }

    @Test
    void noneModeLosesWhatTheListenerFailsOn() {
        template.convertAndSend("none", "fail-once");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.seen).containsExactly("none fail-once false"));
        assertThatNothingComesBack("none-listener", "none");
    }

    // Stopping the container gives everything unacknowledged back to the queue.
    private void assertThatNothingComesBack(String listener, String queue) {
        int seen = app.seen.size();
        registry.getListenerContainer(listener).stop();
        try {
            assertThat(admin.getQueueInfo(queue).getMessageCount()).isZero();
        } finally {
            registry.getListenerContainer(listener).start();
        }
        assertThat(app.seen).hasSize(seen);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @Bean
        Queue autoQueue() {
            return new Queue("auto");
        }

        @Bean
        Queue manualQueue() {
            return new Queue("manual");
        }

        @Bean
        Queue noneQueue() {
            return new Queue("none");
        }

        @RabbitListener(id = "auto-listener", queues = "auto", ackMode = "AUTO")
        void auto(Message message) {
            String text = note("auto", message);
            if (text.equals("reject")) {
                throw new AmqpRejectAndDontRequeueException("rejected by the test");
            }
            if (text.equals("fail-once") && !message.getMessageProperties().isRedelivered()) {
                throw new IllegalStateException("failed by the test");
            }
        }

        @RabbitListener(id = "manual-listener", queues = "manual", ackMode = "MANUAL")
        void manual(Message message, Channel channel) throws IOException {
            long tag = message.getMessageProperties().getDeliveryTag();
            boolean redelivered = message.getMessageProperties().isRedelivered();
            switch (note("manual", message)) {
                case "nack-once" -> {
                    if (redelivered) {
                        channel.basicAck(tag, false);
                    } else {
                        channel.basicNack(tag, false, true);
                    }
                }
                case "keep" -> assertThat(redelivered).isFalse();
                default -> channel.basicAck(tag, false);
            }
        }

        @RabbitListener(id = "none-listener", queues = "none", ackMode = "NONE")
        void none(Message message) {
            if (note("none", message).startsWith("fail")) {
                throw new IllegalStateException("failed by the test");
            }
        }

        private String note(String listener, Message message) {
            String text = new String(message.getBody());
            seen.add(
                    listener + " " + text + " " + message.getMessageProperties().isRedelivered());
            return text;
        }
    }
}
