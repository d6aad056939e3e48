package io.leveret.broker.autoconfigure.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.autoconfigure.fidelity.BrokerUnderTest;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.ReturnedMessage;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;

@Tag("behaviour")
@SpringBootTest(
        classes = RabbitTemplateTests.App.class,
        properties = {
            "spring.rabbitmq.publisher-confirm-type=correlated",
            "spring.rabbitmq.publisher-returns=true",
            "spring.rabbitmq.template.mandatory=true",
            "spring.rabbitmq.template.reply-timeout=60s",
            "spring.rabbitmq.template.receive-timeout=60s"
        })
@ContextConfiguration(initializers = BrokerUnderTest.class)
class RabbitTemplateTests {
    @Autowired
    RabbitTemplate template;

    @Autowired
    Queue inbox;

    @Test
    void receivesWhatItSent() {
        template.convertAndSend(inbox.getName(), "hello");
        assertThat(template.receiveAndConvert(inbox.getName())).isEqualTo("hello");
    }

    @Test
    void getsAConfirmForARoutedMessage() throws Exception {
        CorrelationData correlation = new CorrelationData("1");
        template.convertAndSend("", inbox.getName(), "confirmed", correlation);
        CorrelationData.Confirm confirm = correlation.getFuture().get(60, TimeUnit.SECONDS);
        assertThat(confirm.ack()).isTrue();
        assertThat(correlation.getReturned()).isNull();
        assertThat(template.receiveAndConvert(inbox.getName())).isEqualTo("confirmed");
    }

    @Test
    void getsTheReturnBeforeTheConfirmOfAnUnroutableMessage() throws Exception {
        CorrelationData correlation = new CorrelationData("2");
        template.convertAndSend("", "no-such-queue", "lost", correlation);
        assertThat(correlation.getFuture().get(60, TimeUnit.SECONDS).ack()).isTrue();
        ReturnedMessage returned = correlation.getReturned();
        assertThat(returned).isNotNull();
        assertThat(returned.getReplyCode()).isEqualTo(312);
        assertThat(returned.getReplyText()).isEqualTo("NO_ROUTE");
        assertThat(returned.getRoutingKey()).isEqualTo("no-such-queue");
    }

    @Test
    void getsANackForAMissingExchange() throws Exception {
        CorrelationData correlation = new CorrelationData("3");
        template.convertAndSend("no-such-exchange", "key", "lost", correlation);
        assertThat(correlation.getFuture().get(60, TimeUnit.SECONDS).ack()).isFalse();
    }

    @Test
    void getsAReplyByDirectReplyTo() {
        Message request = MessageBuilder.withBody("ping".getBytes())
                .setContentType("text/plain")
                .build();
        Message reply = template.sendAndReceive("", "upper", request);
        assertThat(reply).isNotNull();
        assertThat(new String(reply.getBody())).isEqualTo("PING");
        assertThat(template.convertSendAndReceive("", "reply-to", "x"))
                .asString()
                .startsWith("amq.rabbitmq.reply-to.");
    }

    @Test
    void seesTheBrokersTextOfAClosedChannel() {
        assertThatExceptionOfType(AmqpException.class)
                .isThrownBy(() -> template.execute(channel -> channel.queueDeclarePassive("no-such-queue")))
                .withStackTraceContaining("NOT_FOUND - no queue 'no-such-queue' in vhost '/'");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Queue inbox() {
            return new Queue("inbox");
        }

        @Bean
        Queue upperQueue() {
            return new Queue("upper");
        }

        @Bean
        Queue replyToQueue() {
            return new Queue("reply-to");
        }

        @RabbitListener(queues = "upper")
        String upper(String text) {
            return text.toUpperCase(Locale.ROOT);
        }

        @RabbitListener(queues = "reply-to")
        String replyTo(Message message) {
            return message.getMessageProperties().getReplyTo();
        }
    }
}
