package io.leveret.broker.autoconfigure.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.autoconfigure.fidelity.BrokerUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;

@Tag("behaviour")
@SpringBootTest(classes = RabbitAdminTests.App.class, properties = "spring.rabbitmq.template.receive-timeout=60s")
@ContextConfiguration(initializers = BrokerUnderTest.class)
class RabbitAdminTests {
    @Autowired
    RabbitAdmin admin;

    @Autowired
    RabbitTemplate template;

    @Autowired
    CachingConnectionFactory connectionFactory;

    @Test
    void declaresTheBeansOfTheContext() {
        template.convertAndSend("orders", "created", "order");
        assertThat(template.receiveAndConvert("orders.created")).isEqualTo("order");
    }

    @Test
    void namesAQueueThatHasNoName() {
        Queue queue = admin.declareQueue();
        assertThat(queue).isNotNull();
        assertThat(queue.getActualName()).startsWith("amq.gen-");
    }

    @Test
    void tellsCountsOfAQueue() {
        admin.declareQueue(QueueBuilder.nonDurable("counted").build());
        template.convertAndSend("counted", "1");
        template.convertAndSend("counted", "2");
        awaitMessages("counted", 2);
        QueueInformation information = admin.getQueueInfo("counted");
        assertThat(information).isNotNull();
        assertThat(information.getConsumerCount()).isZero();
        assertThat(admin.getQueueInfo("no-such-queue")).isNull();
    }

    @Test
    void purgesAQueue() {
        admin.declareQueue(new Queue("purged"));
        template.convertAndSend("purged", "1");
        template.convertAndSend("purged", "2");
        awaitMessages("purged", 2);
        assertThat(admin.purgeQueue("purged")).isEqualTo(2);
        assertThat(admin.purgeQueue("purged")).isZero();
    }

    @Test
    void deletesAQueueAndTakesTheAbsenceOfOneAsDone() {
        admin.declareQueue(new Queue("deleted"));
        assertThat(admin.deleteQueue("deleted")).isTrue();
        assertThat(admin.getQueueInfo("deleted")).isNull();
        assertThat(admin.deleteQueue("deleted")).isTrue();
        assertThat(admin.deleteExchange("no-such-exchange")).isTrue();
    }

    @Test
    void declaresAgainAfterTheConnectionWasClosed() {
        admin.deleteQueue("orders.created");
        connectionFactory.resetConnection();
        template.convertAndSend("orders", "created", "again");
        assertThat(template.receiveAndConvert("orders.created")).isEqualTo("again");
    }

    // What is published has a connection of its own, so that an answer on another one may come first.
    private void awaitMessages(String queue, int count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(admin.getQueueInfo(queue).getMessageCount()).isEqualTo(count));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        DirectExchange orders() {
            return new DirectExchange("orders");
        }

        @Bean
        Queue created() {
            return new Queue("orders.created");
        }

        @Bean
        Binding createdBinding(Queue created, DirectExchange orders) {
            return BindingBuilder.bind(created).to(orders).with("created");
        }
    }
}
