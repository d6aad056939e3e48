package io.leveret.broker.test.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doCallRealMethod;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.client.DeadLetter;
import io.leveret.broker.test.context.EmbeddedBroker.Reset;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.test.RabbitListenerTest;
import org.springframework.amqp.rabbit.test.RabbitListenerTestHarness;
import org.springframework.amqp.rabbit.test.RabbitListenerTestHarness.InvocationData;
import org.springframework.amqp.rabbit.test.mockito.LatchCountDownAndCallRealMethodAnswer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Spring AMQP has for tests works with the embedded broker, and beside time travel. */
@Tag("behaviour")
@SpringBootTest
@EmbeddedBroker(
        reset = Reset.BEFORE_EACH,
        properties = {"broker.test.manual-clock=true", "spring.rabbitmq.listener.simple.default-requeue-rejected=false"
        })
class SpringRabbitTestTests {
    @Autowired
    private RabbitTemplate template;

    @Autowired
    private BrokerTestClient client;

    @Autowired
    private RabbitListenerTestHarness harness;

    @Test
    void aHarnessCapturesWhatAListenerGotAndAnswered() throws Exception {
        assertThat(template.convertSendAndReceive("upper", "hello")).isEqualTo("HELLO");
        InvocationData data = harness.getNextInvocationDataFor("upper", 10, TimeUnit.SECONDS);
        assertThat(data.getArguments()).containsExactly("hello");
        assertThat(data.getResult()).isEqualTo("HELLO");
    }

    @Test
    void aSpyTellsWhenAListenerWasCalled() throws Exception {
        Listeners spy = harness.getSpy("spied");
        LatchCountDownAndCallRealMethodAnswer answer = harness.getLatchAnswerFor("spied", 2);
        doAnswer(answer).when(spy).spied(anyString());
        template.convertAndSend("spied", "a");
        template.convertAndSend("spied", "b");
        assertThat(answer.await(10)).isTrue();
        verify(spy).spied("a");
        verify(spy).spied("b");
        client.queue("spied").awaitEmpty();
    }

    @Test
    void whatAListenerRejectsIsTriedAgainAfterItsDelay() {
        Listeners spy = harness.getSpy("failing");
        doThrow(new IllegalStateException("not today")).when(spy).failing(anyString());
        template.convertAndSend("failing", "poison");
        client.queue("retry-later").awaitReady(1);
        DeadLetter letter = client.deadLetters().get(0);
        assertThat(letter.firstQueue()).isEqualTo("failing");
        assertThat(letter.firstReason()).isEqualTo("rejected");

        doCallRealMethod().when(spy).failing(anyString());
        client.advanceTime(Duration.ofMinutes(10));
        client.queue("retry-later").awaitEmpty();
        client.queue("failing").awaitEmpty();
        verify(spy, timeout(10_000).times(2)).failing("poison");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RabbitListenerTest(spy = true, capture = true)
    static class App {
        @Bean
        Listeners listeners() {
            return new Listeners();
        }

        @Bean
        Queue upper() {
            return new Queue("upper");
        }

        @Bean
        Queue spied() {
            return new Queue("spied");
        }

        @Bean
        Queue failing() {
            return QueueBuilder.durable("failing")
                    .deadLetterExchange("")
                    .deadLetterRoutingKey("retry-later")
                    .build();
        }

        @Bean
        Queue retryLater() {
            return QueueBuilder.durable("retry-later")
                    .ttl(600_000)
                    .deadLetterExchange("")
                    .deadLetterRoutingKey("failing")
                    .build();
        }
    }

    static class Listeners {
        @RabbitListener(id = "upper", queues = "upper")
        String upper(String text) {
            return text.toUpperCase(Locale.ROOT);
        }

        @RabbitListener(id = "spied", queues = "spied")
        void spied(String text) {}

        @RabbitListener(id = "failing", queues = "failing")
        void failing(String text) {}
    }
}
