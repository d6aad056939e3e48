package io.leveret.broker.test.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.test.client.BrokerTestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

@Tag("behaviour")
class ParallelContextsTests {
    private static final int CONTEXTS = 20;

    @Test
    void twentyContextsInOneJvmKeepTheirMessagesApart() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONTEXTS);
        List<ConfigurableApplicationContext> contexts = new ArrayList<>();
        try {
            List<Future<ConfigurableApplicationContext>> starting = new ArrayList<>();
            for (int i = 0; i < CONTEXTS; i++) {
                starting.add(threads.submit(ParallelContextsTests::start));
            }
            for (Future<ConfigurableApplicationContext> each : starting) {
                contexts.add(each.get(100, TimeUnit.SECONDS));
            }
            for (int i = 0; i < CONTEXTS; i++) {
                contexts.get(i).getBean(RabbitTemplate.class).convertAndSend("work", "for " + i);
            }
            for (int i = 0; i < CONTEXTS; i++) {
                ListenerApp app = contexts.get(i).getBean(ListenerApp.class);
                assertThat(app.received.poll(60, TimeUnit.SECONDS)).isEqualTo("for " + i);
                contexts.get(i).getBean(BrokerTestClient.class).queue("work").awaitEmpty();
                assertThat(app.received).isEmpty();
            }
        } finally {
            contexts.forEach(context -> threads.execute(context::close));
            threads.shutdown();
            assertThat(threads.awaitTermination(100, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(ListenerApp.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run();
    }
}
