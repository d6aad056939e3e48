package io.leveret.broker.autoconfigure.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;

@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // is about brokers inside
class SharingComplaintsTests {
    @Test
    @DisplayName("13.1 the listener of a context that is still there takes another one's messages")
    void theListenerOfOneContextDoesNotSeeTheMessagesOfAnother() throws Exception {
        try (ConfigurableApplicationContext cached = Applications.start(WorkApplication.class);
                ConfigurableApplicationContext current = Applications.start(WorkApplication.class)) {
            current.getBean(RabbitTemplate.class).convertAndSend("work", "for the current one");
            assertThat(current.getBean(WorkApplication.class).received.poll(60, TimeUnit.SECONDS))
                    .isEqualTo("for the current one");
            assertThat(cached.getBean(WorkApplication.class).received).isEmpty();
        }
    }

    @Test
    @DisplayName("13.2 a paused context comes back with dead consumers")
    void aContextThatWasPausedHasItsPortItsDataAndItsConsumers() throws Exception {
        try (ConfigurableApplicationContext context = Applications.start(WorkApplication.class)) {
            int port = Applications.port(context);
            RabbitTemplate template = context.getBean(RabbitTemplate.class);
            template.convertAndSend("kept", "from before");
            for (Runnable interruption : List.<Runnable>of(
                    () -> {
                        context.pause();
                        context.restart();
                    },
                    () -> {
                        context.stop();
                        context.start();
                    })) {
                interruption.run();
                template.convertAndSend("work", "again");
                assertThat(context.getBean(WorkApplication.class).received.poll(60, TimeUnit.SECONDS))
                        .isEqualTo("again");
                assertThat(context.getBean(AmqpServer.class).port()).isEqualTo(port);
            }
            assertThat(template.receiveAndConvert("kept", 10_000)).isEqualTo("from before");
        }
    }

    @Test
    @DisplayName("13.2 a broker serves others while its own context is paused")
    void aPausedContextStillHasItsBroker() {
        try (ConfigurableApplicationContext context = Applications.start(WorkApplication.class)) {
            context.pause();
            RabbitTemplate template = context.getBean(RabbitTemplate.class);
            template.convertAndSend("work", "meanwhile");
            assertThat(context.getBean(RabbitAdmin.class).getQueueInfo("work").getMessageCount())
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("13.3 pausing slows suites")
    void nothingOfOursIsStoppedOrStarted() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BrokerAutoConfiguration.class))
                .run(context -> assertThat(context.getBeanFactory()
                                .getBeansOfType(Lifecycle.class)
                                .values())
                        .noneMatch(bean -> bean.getClass().getName().startsWith("io.leveret")));
    }

    @Test
    @DisplayName("13.17 a container outlives its tests, or ends before them")
    void thirtyContextsAreAliveAtOnceEachWithItsBroker() {
        List<ConfigurableApplicationContext> contexts = new ArrayList<>();
        try {
            int before = Thread.activeCount();
            for (int i = 0; i < 30; i++) {
                contexts.add(Applications.start(BrokerAlone.class, "broker.io-threads=2"));
            }
            assertThat(contexts.stream().map(Applications::port).distinct()).hasSize(30);
            assertThat(Thread.activeCount() - before)
                    .as("threads of 30 brokers")
                    .isLessThanOrEqualTo(30 * 3);
        } finally {
            contexts.forEach(ConfigurableApplicationContext::close);
        }
    }

    @Test
    @DisplayName("13.21 several brokers in one JVM collide")
    void brokersOfDifferentNamesDoNotKnowEachOther() {
        try (ConfigurableApplicationContext two = Applications.start(WorkApplication.class, "broker.name=two")) {
            try (ConfigurableApplicationContext one = Applications.start(WorkApplication.class, "broker.name=one")) {
                assertThat(one.getBean(Broker.class).config().name()).isEqualTo("one");
                assertThat(two.getBean(Broker.class).config().name()).isEqualTo("two");
                one.getBean(RabbitTemplate.class).convertAndSend("kept", "in one");
                assertThat(two.getBean(RabbitTemplate.class).receive("kept")).isNull();
            }
            two.getBean(RabbitTemplate.class).convertAndSend("kept", "in two");
            assertThat(two.getBean(RabbitTemplate.class).receiveAndConvert("kept", 10_000))
                    .isEqualTo("in two");
        }
    }
}
