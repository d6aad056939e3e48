package io.leveret.broker.autoconfigure.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.InstanceOfAssertFactories.map;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.leveret.broker.autoconfigure.fidelity.BrokerUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;

@Tag("behaviour")
@SpringBootTest(
        classes = ImitationComplaintsTests.App.class,
        properties = {
            "spring.rabbitmq.template.receive-timeout=60s",
            "spring.rabbitmq.publisher-returns=true",
            "spring.rabbitmq.template.mandatory=true"
        })
@ContextConfiguration(initializers = BrokerUnderTest.class)
class ImitationComplaintsTests {
    @Autowired
    RabbitTemplate template;

    @Autowired
    RabbitAdmin admin;

    @Test
    @DisplayName("13.8 no x-death; no time to live after a dead letter exchange")
    void aDeadLetterSaysWhatItHasBeenThrough() {
        template.convertAndSend("short-lived", "late");
        Message dead = template.receive("late");
        assertThat(dead).isNotNull();
        assertThat(dead.getMessageProperties().getXDeathHeader())
                .singleElement()
                .asInstanceOf(map(String.class, Object.class))
                .contains(
                        Map.entry("queue", "short-lived"),
                        Map.entry("reason", "expired"),
                        Map.entry("exchange", ""),
                        Map.entry("count", 1L),
                        Map.entry("routing-keys", List.of("short-lived")));

        // the queue that it came to forgets it as well after a while
        template.convertAndSend("short-lived", "later");
        await().atMost(Duration.ofSeconds(60)).until(() -> count("late-too") == 1);
    }

    @Test
    @DisplayName("13.8 no mandatory")
    void aMandatoryMessageComesBack() {
        RabbitTemplate own = new RabbitTemplate(template.getConnectionFactory());
        own.setMandatory(true);
        List<String> returned = new CopyOnWriteArrayList<>();
        own.setReturnsCallback(message -> returned.add(message.getReplyText()));
        own.convertAndSend("no-such-queue", "back");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(returned).containsExactly("NO_ROUTE"));
    }

    @Test
    @DisplayName("13.9 several methods of a channel throw")
    void theWholeChannelWorks() {
        assertThatNoException()
                .isThrownBy(() -> template.execute(channel -> {
                    channel.basicQos(0, 5, false);
                    channel.exchangeDeclare("whole", "topic", false, true, false, Map.of());
                    channel.exchangeDeclareNoWait("whole-too", "fanout", false, true, false, Map.of());
                    channel.exchangeBind("whole-too", "whole", "a.#");
                    channel.queueDeclareNoWait("whole", false, true, true, Map.of());
                    channel.queueBindNoWait("whole", "whole-too", "", Map.of());
                    channel.basicPublish("whole", "a.b", null, new byte[1]);
                    // RabbitMQ's channel may answer before its queue has what was published before
                    await().atMost(Duration.ofSeconds(60)).until(() -> channel.messageCount("whole") == 1);
                    assertThat(channel.consumerCount("whole")).isZero();
                    assertThat(channel.basicGet("whole", false)).isNotNull();
                    channel.basicRecover(true);
                    await().atMost(Duration.ofSeconds(60)).until(() -> channel.messageCount("whole") == 1);
                    assertThat(channel.queuePurge("whole").getMessageCount()).isEqualTo(1);
                    channel.exchangeUnbind("whole-too", "whole", "a.#");
                    channel.queueUnbind("whole", "whole-too", "");
                    channel.exchangeDelete("whole");
                    channel.exchangeDelete("whole-too");
                    channel.queueDelete("whole", true, true);
                    assertThat(channel.isOpen()).isTrue();
                    return null;
                }));
    }

    @Test
    @DisplayName("13.10 an exception in a consumer silently kills delivery")
    void whatAFailedConsumerHadGoesToTheNextOne() {
        admin.purgeQueue("work");
        template.convertAndSend("work", "for somebody");
        template.execute(channel -> {
            // The client closes the channel of a consumer that throws and says so; the broker gives the message back.
            channel.basicConsume("work", false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(
                        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                    throw new IllegalStateException("failed by the test");
                }
            });
            await().atMost(Duration.ofSeconds(60)).until(() -> !channel.isOpen());
            return null;
        });
        Message again = template.receive("work");
        assertThat(again).isNotNull();
        assertThat(again.getMessageProperties().isRedelivered()).isTrue();
    }

    private long count(String queue) {
        return admin.getQueueInfo(queue).getMessageCount();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Queue work() {
            return new Queue("work");
        }

        @Bean
        Queue shortLived() {
            return QueueBuilder.durable("short-lived")
                    .ttl(10)
                    .deadLetterExchange("")
                    .deadLetterRoutingKey("late")
                    .build();
        }

        @Bean
        Queue late() {
            return QueueBuilder.durable("late")
                    .ttl(2_000)
                    .deadLetterExchange("")
                    .deadLetterRoutingKey("late-too")
                    .build();
        }

        @Bean
        Queue lateToo() {
            return new Queue("late-too");
        }
    }
}
