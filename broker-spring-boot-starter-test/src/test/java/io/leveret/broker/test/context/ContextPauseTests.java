package io.leveret.broker.test.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.leveret.broker.test.client.BrokerTestClient;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextPausedEvent;
import org.springframework.core.SpringProperties;

/** With {@code spring.test.context.cache.pause=always}, which spring.properties sets for all tests of this module. */
@Tag("behaviour")
class ContextPauseTests {

    @Test
    void aContextThatWasPausedComesBackWithItsBrokerItsMessagesAndItsConsumers() {
        assertThat(SpringProperties.getProperty("spring.test.context.cache.pause"))
                .isEqualTo("always");
        ContextsSeen.forget();
        Pauses.COUNT.set(0);

        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(ACase.class), selectClass(BCase.class), selectClass(AAgainCase.class))
                .execute()
                .testEvents()
                .assertStatistics(events -> events.succeeded(3));

        List<ContextsSeen> seen = ContextsSeen.all();
        assertThat(seen).hasSize(3);
        assertThat(seen.get(2)).isEqualTo(seen.get(0));
        assertThat(seen.get(1).port()).isNotEqualTo(seen.get(0).port());
        assertThat(Pauses.COUNT.get()).as("contexts were really paused").isGreaterThanOrEqualTo(2);
    }

    /** How often contexts of these cases were paused. */
    static final class Pauses {
        static final AtomicInteger COUNT = new AtomicInteger();

        private Pauses() {}
    }

    static class App extends ListenerApp {
        @Bean
        ApplicationListener<ContextPausedEvent> pauses() {
            return event -> Pauses.COUNT.incrementAndGet();
        }
    }

    static class Talking {
        @Autowired
        ApplicationContext context;

        @Autowired
        RabbitTemplate template;

        @Autowired
        BrokerTestClient client;

        @Autowired
        ListenerApp app;

        @Autowired
        RabbitListenerEndpointRegistry listeners;

        void talk(String text) throws Exception {
            ContextsSeen.by(context);
            template.convertAndSend("work", text);
            assertThat(app.received.poll(60, TimeUnit.SECONDS)).isEqualTo(text);
            assertThat(listeners.isRunning()).isTrue();
            client.queue("work").awaitEmpty();
        }
    }

    @SpringBootTest(classes = App.class, properties = "context=a")
    @EmbeddedBroker
    static class ACase extends Talking {
        @Test
        void leavesAMessage() throws Exception {
            template.convertAndSend("parked", "from a");
            talk("first");
        }
    }

    @SpringBootTest(classes = App.class, properties = "context=b")
    @EmbeddedBroker
    static class BCase extends Talking {
        @Test
        void hasAnotherBroker() throws Exception {
            assertThat(client.messages("parked")).isEmpty();
            talk("second");
        }
    }

    @SpringBootTest(classes = App.class, properties = "context=a")
    @EmbeddedBroker
    static class AAgainCase extends Talking {
        @Test
        void findsItsMessage() throws Exception {
            assertThat(client.messages("parked"))
                    .singleElement()
                    .matches(message -> message.text().equals("from a"));
            talk("third");
        }
    }
}
