package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.AsyncRabbitTemplate;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
@ParameterizedClass
@EnumSource(ClientMode.class)
class DirectReplyToTests {
    @Parameter
    ClientMode mode;

    private TestApplication application;

    @BeforeEach
    void start() {
        application = TestApplication.start(mode, App.class, "spring.rabbitmq.template.reply-timeout=60s");
    }

    @AfterEach
    void close() {
        application.close();
    }

    @Test
    void thePseudoQueueCanBeDeclaredPassivelyWhichIsHowTheTemplateDecides() {
        AMQP.Queue.DeclareOk ok =
                application.template().execute(channel -> channel.queueDeclarePassive("amq.rabbitmq.reply-to"));
        assertThat(ok).isNotNull();
        assertThat(ok.getQueue()).isEqualTo("amq.rabbitmq.reply-to");
        assertThat(ok.getMessageCount()).isZero();
    }

    @Test
    void theTemplateUsesIt() {
        assertThat(application.template().convertSendAndReceive("reply-to", "x"))
                .asString()
                .startsWith("amq.rabbitmq.reply-to.");
    }

    @Test
    void repliesReachTheirRequestsWhenManyWaitAtOnce() throws Exception {
        RabbitTemplate template = application.template();
        List<CompletableFuture<Object>> replies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String request = "request " + i;
            replies.add(CompletableFuture.supplyAsync(() -> template.convertSendAndReceive("upper", request)));
        }
        for (int i = 0; i < replies.size(); i++) {
            assertThat(replies.get(i).get(60, TimeUnit.SECONDS)).isEqualTo("REQUEST " + i);
        }
    }

    @Test
    void anAsyncTemplateGetsItsRepliesToo() throws Exception {
        AsyncRabbitTemplate async = new AsyncRabbitTemplate(application.template());
        async.start();
        try {
            assertThat(async.<String>convertSendAndReceive("upper", "later").get(60, TimeUnit.SECONDS))
                    .isEqualTo("LATER");
        } finally {
            async.stop();
        }
    }

    @Test
    void aRequesterThatIsGoneDoesNotDisturbTheOneThatReplies() {
        RabbitTemplate impatient = new RabbitTemplate(application.template().getConnectionFactory());
        impatient.setReplyTimeout(0);
        assertThat(impatient.convertSendAndReceive("upper", "gone")).isNull();
        impatient.destroy();
        assertThat(application.template().convertSendAndReceive("upper", "here"))
                .isEqualTo("HERE");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
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
