package io.leveret.broker.autoconfigure.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // is about brokers inside
@ExtendWith(OutputCaptureExtension.class)
class ManyContextsTests {
    private static final int CONTEXTS = 4;

    @Test
    void eachContextHasABrokerOfItsOwn() throws Exception {
        List<ConfigurableApplicationContext> contexts = new ArrayList<>();
        try {
            for (int i = 0; i < CONTEXTS; i++) {
                contexts.add(start());
            }
            assertThat(contexts.stream().map(ManyContextsTests::port).distinct())
                    .hasSize(CONTEXTS);
            for (int i = 0; i < CONTEXTS; i++) {
                contexts.get(i).getBean(RabbitTemplate.class).convertAndSend("work", "for " + i);
            }
            for (int i = 0; i < CONTEXTS; i++) {
                assertThat(contexts.get(i).getBean(App.class).received.poll(60, TimeUnit.SECONDS))
                        .isEqualTo("for " + i);
                assertThat(contexts.get(i).getBean(App.class).received).isEmpty();
            }
        } finally {
            contexts.forEach(ConfigurableApplicationContext::close);
        }
    }

    @Test
    void leavesNoThreadAndNoPortBehind() {
        Set<String> before = brokerThreads();
        ConfigurableApplicationContext context = start();
        int port = port(context);
        assertThat(brokerThreads()).anyMatch(name -> !before.contains(name));
        context.close();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(brokerThreads()).isSubsetOf(before));
        Assertions.assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    }

    @Test
    void closesWithoutAWarning(CapturedOutput output) {
        start().close();
        assertThat(output)
                .contains("is up: AMQP on 127.0.0.1:")
                .contains("data in memory only; nothing is written to disk")
                .contains("stops")
                .doesNotContain("WARN ")
                .doesNotContain("ERROR ");
    }

    @Test
    void explainsATakenPortInAParagraph(CapturedOutput output) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Assertions.assertThatException().isThrownBy(() -> start("--broker.port=" + taken.getLocalPort()));
            assertThat(output)
                    .contains("The broker cannot listen for AMQP on 127.0.0.1:" + taken.getLocalPort()
                            + " because another program already does.")
                    .contains("broker.port (0 takes any free one)")
                    .doesNotContain("\tat ");
        }
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        return new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(arguments);
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.broker.port", Integer.class);
    }

    private static Set<String> brokerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("broker-"))
                .collect(Collectors.toSet());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Bean
        Queue work() {
            return new Queue("work");
        }

        @RabbitListener(queues = "work")
        void receive(String text) {
            received.add(text);
        }
    }
}
