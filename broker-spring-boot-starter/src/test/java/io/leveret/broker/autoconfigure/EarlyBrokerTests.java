package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
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
    void makesTheSslBundleBeforeThereAreBeansAndFollowsTheBeanLater() throws Exception {
        X509Bundle first = TestCertificates.selfSigned("first");
        X509Bundle second = TestCertificates.selfSigned("second");
        AtomicReference<String> early = new AtomicReference<>();
        SpringApplication application = application(SslConfiguration.class);
        application.addListeners((ApplicationListener<ApplicationContextInitializedEvent>) event -> {
            AmqpServer server = event.getApplicationContext().getBeanFactory().getBean(AmqpServer.class);
            try (SSLSocket socket = BrokerTlsTests.handshake(server, first)) {
                early.set(BrokerTlsTests.subject(socket));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        List<String> arguments = new ArrayList<>(List.of("--broker.ssl.bundle=broker", "--broker.port=-1"));
        TestCertificates.keys("broker", first).forEach(property -> arguments.add("--" + property));

        try (ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new))) {
            assertThat(early).hasValue("CN=first");
            AmqpServer server = context.getBean(AmqpServer.class);
            assertThat(context.getEnvironment().getProperty("local.broker.ssl.port", Integer.class))
                    .isEqualTo(server.tlsPort());
            SslBundle changed = SslBundle.of(SslStoreBundle.of(second.toKeyStore("k".toCharArray()), "k", null));
            context.getBean(SslBundleRegistry.class).updateBundle("broker", changed);
            try (SSLSocket socket = BrokerTlsTests.handshake(server, second)) {
                assertThat(BrokerTlsTests.subject(socket)).isEqualTo("CN=second");
            }
        }
    }

    @Test
    void namesTheSslBundlesThatThereAre() {
        SpringApplication application = application(SslConfiguration.class);
        assertThatThrownBy(() -> application.run(
                        "--broker.ssl.bundle=broker", "--spring.ssl.bundle.jks.other.keystore.location=other.jks"))
                .isInstanceOf(InvalidBrokerPropertyException.class)
                .hasMessageContaining("broker.ssl.bundle is 'broker'")
                .hasMessageContaining("(there are: other)");
        assertThatThrownBy(() -> application.run(
                        "--broker.ssl.bundle=broker",
                        "--spring.ssl.bundle.pem.broker.keystore.certificate=no-such-file"))
                .isInstanceOf(InvalidBrokerPropertyException.class)
                .hasMessageContaining("broker.ssl.bundle is 'broker'")
                .hasMessageContaining("no-such-file");
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
    @ImportAutoConfiguration({
        SslAutoConfiguration.class,
        BrokerAutoConfiguration.class,
        BrokerSslAutoConfiguration.class
    })
    static class SslConfiguration {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BrokerAutoConfiguration.class)
    static class BrokenConfiguration {
        @Bean
        String broken() {
            throw new IllegalStateException("broken");
        }
    }
}
