package io.leveret.broker.autoconfigure.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.autoconfigure.fidelity.ClientMode;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;

@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // is about brokers inside
@ExtendWith(OutputCaptureExtension.class)
class ShutdownComplaintsTests {
    @ParameterizedTest(name = "13.4 shutdown exceptions when broker and app close together: {0}, {1}")
    @CsvSource({"BLOCKING, simple", "BLOCKING, direct", "NETTY, simple", "NETTY, direct"})
    void theLogIsCleanWhenItEndsInTheMiddleOfItsWork(ClientMode mode, String type, CapturedOutput output) {
        ConfigurableApplicationContext context = Applications.builder(BusyApplication.class)
                .initializers(mode)
                .properties(
                        "spring.rabbitmq.listener.type=" + type,
                        "spring.rabbitmq.publisher-confirm-type=correlated",
                        "spring.rabbitmq.publisher-returns=true")
                .run();
        BusyApplication application = context.getBean(BusyApplication.class);
        RabbitTemplate template = context.getBean(RabbitTemplate.class);
        assertThat(template.convertSendAndReceive("echo", "rpc")).isEqualTo("rpc");
        for (int i = 0; i < 2_000; i++) {
            template.convertAndSend("busy", "message");
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> application.count.get() > 10);
        context.close();
        assertThat(output.getAll().lines().filter(line -> line.matches("\\S+ (WARN|ERROR) .*")))
                .isEmpty();
        assertThat(output).contains("stops").doesNotContain("Exception");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class BusyApplication {
        final AtomicInteger count = new AtomicInteger();

        @Bean
        Queue busy() {
            return new Queue("busy");
        }

        @Bean
        Queue echo() {
            return new Queue("echo");
        }

        @RabbitListener(queues = "busy", concurrency = "2")
        void busy(String text) {
            count.incrementAndGet();
        }

        @RabbitListener(queues = "echo")
        String echo(String text) {
            return text;
        }
    }

    @Test
    @DisplayName("13.4 a bean says farewell when it is destroyed")
    void whatABeanPublishesWhenItIsDestroyedArrives() {
        ConfigurableApplicationContext context = Applications.start(FarewellApplication.class);
        Farewell farewell = context.getBean(Farewell.class);
        context.close();
        assertThat(farewell.notes).containsExactly("confirmed", "received farewell");
    }

    @Configuration(proxyBeanMethods = false)
    static class FarewellApplication extends WorkApplication {
        @Bean
        Farewell farewell(RabbitTemplate template) {
            return new Farewell(template);
        }
    }

    static final class Farewell {
        final List<String> notes = new CopyOnWriteArrayList<>();
        private final RabbitTemplate template;

        Farewell(RabbitTemplate template) {
            this.template = template;
        }

        @PreDestroy
        void say() {
            template.convertAndSend("kept", "farewell");
            notes.add("confirmed");
            notes.add("received " + template.receiveAndConvert("kept", 10_000));
        }
    }

    @Test
    @DisplayName("13.4 a connection of the application's own factory lives as long as the beans that use it")
    void theBrokerEndsAfterWhatUsesAClientFactoryOfTheApplication() {
        ConfigurableApplicationContext context = Applications.start(OwnClientApplication.class);
        OwnClient client = context.getBean(OwnClient.class);
        context.close();
        assertThat(client.notes).containsExactly("declared when destroyed");
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClientApplication extends WorkApplication {
        @Bean
        ConnectionFactory clientFactory() {
            return new ConnectionFactory();
        }

        // does not ask for the broker, only for the factory, which must not outlive it
        @Bean
        @DependsOn("clientFactory")
        OwnClient ownClient(ConnectionFactory clientFactory, Environment environment)
                throws IOException, TimeoutException {
            clientFactory.setPort(environment.getRequiredProperty("local.broker.port", Integer.class));
            return new OwnClient(clientFactory.newConnection());
        }
    }

    static final class OwnClient {
        final List<String> notes = new CopyOnWriteArrayList<>();
        private final Connection connection;

        OwnClient(Connection connection) {
            this.connection = connection;
        }

        @PreDestroy
        void leave() throws IOException {
            connection.createChannel().queueDeclare("late", false, true, true, null);
            notes.add("declared when destroyed");
            connection.close();
        }
    }

    @Test
    @DisplayName("13.4 nothing is left of a broker when the start of its application fails")
    void aStartThatFailsClosesEverything() {
        List<String> before = brokerThreads();
        FailingApplication.port.set(0);
        assertThat(catchThrowable(() -> Applications.start(FailingApplication.class)))
                .hasRootCauseMessage("failed by the test");
        assertThat(FailingApplication.port.get()).isPositive();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(brokerThreads()).isSubsetOf(before));
        assertThat(catchThrowable(() -> new Socket("127.0.0.1", FailingApplication.port.get()).close()))
                .isInstanceOf(ConnectException.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class FailingApplication extends WorkApplication {
        static final AtomicInteger port = new AtomicInteger();

        @Bean
        String failing(RabbitTemplate template, AmqpAdmin admin, Environment environment) {
            admin.initialize();
            template.convertAndSend("kept", "for nothing");
            port.set(environment.getRequiredProperty("local.broker.port", Integer.class));
            throw new IllegalStateException("failed by the test");
        }
    }

    static List<String> brokerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("broker-"))
                .sorted()
                .toList();
    }
}
