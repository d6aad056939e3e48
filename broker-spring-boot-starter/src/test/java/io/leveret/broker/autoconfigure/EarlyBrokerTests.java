package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class EarlyBrokerTests {
    @Test
    void listensBeforeThereAreBeansAndBecomesTheBeans() {
        AtomicReference<AmqpServer> early = new AtomicReference<>();
        SpringApplication application = application(BrokerConfiguration.class);
        application.addListeners((ApplicationListener<ApplicationContextInitializedEvent>) event ->
                early.set(event.getApplicationContext().getBeanFactory().getBean(AmqpServer.class)));

        AmqpServer server;
        try (ConfigurableApplicationContext context = application.run("--broker.name=early")) {
            server = context.getBean(AmqpServer.class);
            assertThat(server).isSameAs(early.get());
            assertThat(server.isListening()).isTrue();
            assertThat(context.getBean(Broker.class).config().name()).isEqualTo("early");
            assertThat(context.getBeansOfType(NettyEventLoops.class)).containsOnlyKeys("brokerEventLoops");
            assertThat(context.getBeansOfType(BrokerStorage.class)).containsOnlyKeys("brokerStorage");
            assertThat(context.getEnvironment().getProperty("local.broker.port", Integer.class))
                    .isEqualTo(server.port());
        }
        assertThat(server.isListening()).isFalse();
    }

    @Test
    void closesWithAContextThatFails() {
        AtomicReference<AmqpServer> early = new AtomicReference<>();
        SpringApplication application = application(BrokenConfiguration.class);
        application.addListeners((ApplicationListener<ApplicationPreparedEvent>) event ->
                early.set(event.getApplicationContext().getBeanFactory().getBean(AmqpServer.class)));

        assertThatThrownBy(application::run).hasRootCauseMessage("broken");

        assertThat(early.get().isListening()).isFalse();
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SpringApplication application = application(BrokerConfiguration.class);
            assertThatThrownBy(() -> application.run("--broker.port=" + taken.getLocalPort()))
                    .isInstanceOfSatisfying(
                            BrokerPortInUseException.class,
                            e -> assertThat(e.port()).isEqualTo(taken.getLocalPort()));
        }
    }

    @Test
    void startsNothingWhenDisabled() {
        try (ConfigurableApplicationContext context =
                application(BrokerConfiguration.class).run("--broker.enabled=false")) {
            assertThat(context.getBeansOfType(AmqpServer.class)).isEmpty();
        }
    }

    private static SpringApplication application(Class<?> configuration) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        EarlyBroker broker = new EarlyBroker();
        application.addListeners(broker);
        application.addInitializers(broker);
        return application;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BrokerAutoConfiguration.class)
    static class BrokerConfiguration {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BrokerAutoConfiguration.class)
    static class BrokenConfiguration {
        @Bean
        String broken() {
            throw new IllegalStateException("broken");
        }
    }
}
