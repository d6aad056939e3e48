package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.devtools.restart.RestartScope;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What devtools do to an application: they close its context and run it anew, in the same process. */
class BrokerDevToolsTests {

    @BeforeEach
    void watchNoFiles() {
        Restarter.disable();
    }

    @AfterEach
    void closeWhatWasKept() {
        if (Restarter.getInstance().removeAttribute("keptBroker") instanceof StartedBroker kept) {
            kept.parts().closeAll();
            kept.parts().forgetEnd();
        }
        Restarter.clearInstance();
    }

    @Test
    void aKeptBrokerHasItsPortAndItsMessagesAfterARestart() {
        Broker broker;
        int port;
        try (ConfigurableApplicationContext first = run("--broker.devtools.keep-running=true")) {
            broker = first.getBean(Broker.class);
            port = first.getBean(AmqpServer.class).port();
            first.getBean(RabbitTemplate.class).convertAndSend("kept", "still here");
        }
        try (ConfigurableApplicationContext second =
                run("--broker.devtools.keep-running=true", "--broker.limits.default-prefetch=7")) {
            assertThat(second.getBean(Broker.class)).isSameAs(broker);
            assertThat(second.getBean(AmqpServer.class).port()).isEqualTo(port);
            assertThat(second.getEnvironment().getProperty("local.broker.port", Integer.class))
                    .isEqualTo(port);
            assertThat(second.getBean(RabbitTemplate.class).receiveAndConvert("kept", 10_000))
                    .isEqualTo("still here");
            assertThat(broker.config().defaultPrefetch()).isZero();
        }
    }

    @Test
    void otherwiseTheBrokerEndsWithTheContext() {
        AmqpServer server;
        try (ConfigurableApplicationContext first = run()) {
            server = first.getBean(AmqpServer.class);
            first.getBean(RabbitTemplate.class).convertAndSend("kept", "lost");
        }
        assertThat(server.isListening()).isFalse();
        try (ConfigurableApplicationContext second = run()) {
            assertThat(second.getBean(AmqpServer.class)).isNotSameAs(server);
            assertThat(second.getBean(RabbitTemplate.class).receive("kept")).isNull();
        }
    }

    @Test
    void keepsNothingWithoutDevtools() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(BrokerDevToolsAutoConfiguration.class, BrokerAutoConfiguration.class))
                .withPropertyValues("broker.devtools.keep-running=true")
                .withClassLoader(new FilteredClassLoader(RestartScope.class))
                .run(context -> assertThat(context).hasSingleBean(Broker.class).doesNotHaveBean(StartedBroker.class));
    }

    @Test
    void keepsNothingWhereNoBrokerIsToBeStarted() {
        try (ConfigurableApplicationContext context =
                run("--broker.devtools.keep-running=true", "--spring.rabbitmq.host=rabbit.example")) {
            assertThat(context.getBeansOfType(Broker.class)).isEmpty();
        }
    }

    private static ConfigurableApplicationContext run(String... arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(arguments);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        BrokerDevToolsAutoConfiguration.class,
        BrokerAutoConfiguration.class,
        RabbitBrokerConnectionAutoConfiguration.class,
        RabbitAutoConfiguration.class
    })
    static class Application {
        @Bean
        Queue kept() {
            return new Queue("kept");
        }
    }
}
