package io.leveret.broker.autoconfigure.rabbit;

import static io.leveret.broker.autoconfigure.TestCertificates.keys;
import static io.leveret.broker.autoconfigure.TestCertificates.properties;
import static io.leveret.broker.autoconfigure.TestCertificates.selfSigned;
import static io.leveret.broker.autoconfigure.TestCertificates.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.autoconfigure.BrokerSslAutoConfiguration;
import io.leveret.broker.autoconfigure.InvalidBrokerPropertyException;
import io.leveret.broker.autoconfigure.TestCertificates;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
@ExtendWith(OutputCaptureExtension.class)
class SslBundleTests {
    private static final List<String> BUNDLE = List.of("broker.ssl.bundle=broker");
    private static final List<String> TLS_ONLY = List.of("broker.ssl.bundle=broker", "broker.port=-1");
    private static final List<String> NEED = List.of("broker.ssl.client-auth=need");

    private final X509Bundle own = selfSigned("broker");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    RabbitAutoConfiguration.class,
                    RabbitBrokerConnectionAutoConfiguration.class,
                    BrokerSslAutoConfiguration.class,
                    BrokerAutoConfiguration.class));

    @Test
    @DisplayName("13.24 complaint 24: RabbitMQ over SSL fails; here an SSL bundle serves both ways, with one setting")
    void templateAndListenerTalkOverTlsWithOneSetting() {
        runner.withUserConfiguration(Echo.class)
                .withPropertyValues(properties(TLS_ONLY, keys("broker", own), trust("broker", own)))
                .run(context -> {
                    assertThat(echo(context)).isEqualTo("hello");
                    assertThat(context.getEnvironment().getProperty("local.broker.ssl.port", Integer.class))
                            .isEqualTo(context.getBean(AmqpServer.class).tlsPort());
                    assertThat(context.getEnvironment().containsProperty("local.broker.port"))
                            .isFalse();
                });
    }

    @Test
    @DisplayName("13.24 complaint 24: with mutual TLS and a self-signed PEM bundle")
    void templateAndListenerPresentTheSameCertificate() {
        runner.withUserConfiguration(Echo.class)
                .withPropertyValues(properties(TLS_ONLY, NEED, keys("broker", own), trust("broker", own)))
                .run(context -> {
                    assertThat(echo(context)).isEqualTo("hello");
                    int port = context.getBean(AmqpServer.class).tlsPort();
                    SSLContext withoutKey = SSLContext.getInstance("TLS");
                    withoutKey.init(null, own.toTrustManagerFactory().getTrustManagers(), null);
                    assertThatIOException().isThrownBy(() -> connect(port, withoutKey));
                    assertThatIOException().isThrownBy(() -> connect(port, null));
                });
    }

    @Test
    void clientsHaveABundleOfTheirOwnIfOneIsNamed() throws Exception {
        X509Bundle app = new CertificateBuilder()
                .subject("CN=app")
                .addExtendedKeyUsageClientAuth()
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        runner.withUserConfiguration(Echo.class)
                .withPropertyValues(properties(
                        TLS_ONLY,
                        NEED,
                        List.of("broker.ssl.client-bundle=app"),
                        keys("broker", own),
                        trust("broker", app),
                        keys("app", app),
                        trust("app", own)))
                .run(context -> {
                    SslBundle bundle =
                            context.getBean(RabbitConnectionDetails.class).getSslBundle();
                    assertThat(bundle)
                            .isSameAs(context.getBean(SslBundles.class).getBundle("app"));
                    assertThat(echo(context)).isEqualTo("hello");
                });
    }

    @Test
    void clientsTrustTheBrokersOwnCertificateWhereItsBundleTrustsNobody() {
        runner.withUserConfiguration(Echo.class)
                .withPropertyValues(properties(TLS_ONLY, keys("broker", own)))
                .run(context -> assertThat(echo(context)).isEqualTo("hello"));
    }

    @Test
    void clientsConnectByTheNameInTheCertificate() throws Exception {
        runner.withUserConfiguration(Echo.class)
                .withPropertyValues(properties(TLS_ONLY, keys("broker", TestCertificates.selfSignedForLocalhost())))
                .run(context -> {
                    assertThat(context.getBean(RabbitConnectionDetails.class)
                                    .getFirstAddress()
                                    .host())
                            .isEqualTo("localhost");
                    assertThat(echo(context)).isEqualTo("hello");
                });
    }

    @Test
    void saysThatClientsWillNotLikeTheCertificate(CapturedOutput output) throws Exception {
        X509Bundle elsewhere = new CertificateBuilder()
                .subject("CN=mq.example")
                .addSanDnsName("mq.example")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        runner.withPropertyValues(properties(BUNDLE, keys("broker", elsewhere))).run(context -> {
            context.getBean(RabbitConnectionDetails.class);
            assertThat(output).contains("the broker's certificate is not for 127.0.0.1, but for [mq.example]:");
        });
    }

    @Test
    void listensWithoutTlsAsWellAndNamesBothPorts(CapturedOutput output) {
        runner.withPropertyValues(properties(BUNDLE, keys("broker", own))).run(context -> {
            AmqpServer server = context.getBean(AmqpServer.class);
            assertThat(output)
                    .contains("is up: AMQP on 127.0.0.1:" + server.port() + ", AMQPS on 127.0.0.1:" + server.tlsPort()
                            + ";");
            assertThat(context.getEnvironment().getProperty("local.broker.port", Integer.class))
                    .isEqualTo(server.port());
            assertThat(context.getBean(RabbitConnectionDetails.class)
                            .getFirstAddress()
                            .port())
                    .isEqualTo(server.tlsPort());
            connect(server.port(), null);
        });
    }

    @Test
    void namesThePortWithTlsAloneIfThereIsNoOther(CapturedOutput output) {
        runner.withPropertyValues(properties(TLS_ONLY, keys("broker", own)))
                .run(context -> assertThat(output)
                        .contains("is up: AMQPS on 127.0.0.1:"
                                + context.getBean(AmqpServer.class).tlsPort() + ";"));
    }

    @Test
    void hasNoTlsWhenItIsSwitchedOffAlthoughThereIsABundle() {
        runner.withUserConfiguration(Echo.class)
                .withPropertyValues(properties(BUNDLE, List.of("broker.ssl.enabled=false"), keys("broker", own)))
                .run(context -> {
                    assertThat(context.getBean(AmqpServer.class).tlsPort()).isEqualTo(AmqpServer.NO_PORT);
                    assertThat(context.getBean(RabbitConnectionDetails.class).getSslBundle())
                            .isNull();
                    assertThat(context.getEnvironment().containsProperty("local.broker.ssl.port"))
                            .isFalse();
                    assertThat(echo(context)).isEqualTo("hello");
                });
    }

    @Test
    void namesThePropertyOfAClientBundleThatIsNotThere() {
        runner.withPropertyValues(properties(BUNDLE, List.of("broker.ssl.client-bundle=nobody"), keys("broker", own)))
                .run(context -> assertThatExceptionOfType(InvalidBrokerPropertyException.class)
                        .isThrownBy(() -> {
                            throw rootCause(context.getStartupFailure());
                        })
                        .withMessage(
                                "broker.ssl.client-bundle is 'nobody', which is not allowed; allowed: the name of an SSL"
                                        + " bundle, configured under spring.ssl.bundle (there are: broker)"));
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Object echo(ApplicationContext context) {
        RabbitTemplate template = context.getBean(RabbitTemplate.class);
        template.setReplyTimeout(60_000);
        return template.convertSendAndReceive("", "echo", "hello");
    }

    private static void connect(int port, SSLContext tls) throws Exception {
        ConnectionFactory factory = LoopbackClient.factory(port);
        if (tls != null) {
            factory.useSslProtocol(tls);
        }
        factory.newConnection().close();
    }

    @Configuration(proxyBeanMethods = false)
    @org.springframework.amqp.rabbit.annotation.EnableRabbit
    static class Echo {
        @Bean
        Queue echo() {
            return new Queue("echo");
        }

        @RabbitListener(queues = "echo")
        String echo(String text) {
            return text;
        }
    }
}
