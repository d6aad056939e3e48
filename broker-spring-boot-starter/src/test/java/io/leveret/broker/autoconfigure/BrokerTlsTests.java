package io.leveret.broker.autoconfigure;

import static io.leveret.broker.autoconfigure.TestCertificates.keys;
import static io.leveret.broker.autoconfigure.TestCertificates.properties;
import static io.leveret.broker.autoconfigure.TestCertificates.selfSigned;
import static io.leveret.broker.autoconfigure.TestCertificates.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.leveret.broker.amqp.AmqpServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BrokerTlsTests {
    private static final List<String> BUNDLE = List.of("broker.ssl.bundle=broker");

    private final X509Bundle own = selfSigned("first");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class, BrokerSslAutoConfiguration.class, BrokerAutoConfiguration.class));

    @Test
    void newHandshakesFollowABundleThatChanges(CapturedOutput output) {
        X509Bundle second = selfSigned("second");
        runner.withPropertyValues(properties(BUNDLE, keys("broker", own))).run(context -> {
            AmqpServer server = context.getBean(AmqpServer.class);
            SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
            try (SSLSocket before = handshake(server, own)) {
                assertThat(subject(before)).isEqualTo("CN=first");

                registry.updateBundle("broker", bundle(second));

                try (SSLSocket after = handshake(server, second)) {
                    assertThat(subject(after)).isEqualTo("CN=second");
                }
                assertThatIOException().isThrownBy(() -> handshake(server, own));
                before.getOutputStream().write("AMQP\0\0\11\1".getBytes());
                assertThat(before.getInputStream().read()).isEqualTo(1);
            }
            assertThat(output).contains("SSL bundle broker has changed, new TLS connections of the broker use it");

            registry.updateBundle("broker", SslBundle.of(SslStoreBundle.NONE));

            assertThat(output)
                    .contains("SSL bundle broker has changed and is of no use, the broker goes on with the one before;"
                            + " allowed: the name of an SSL bundle with a private key and its certificate");
            handshake(server, second).close();
        });
    }

    @Test
    void respectsTheOptionsOfTheBundle() {
        runner.withPropertyValues(
                        properties(
                                BUNDLE,
                                keys("broker", own),
                                List.of(
                                        "spring.ssl.bundle.pem.broker.options.enabled-protocols=TLSv1.2",
                                        "spring.ssl.bundle.pem.broker.options.ciphers=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")))
                .run(context -> {
                    try (SSLSocket socket = handshake(context.getBean(AmqpServer.class), own)) {
                        assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
                        assertThat(socket.getSession().getCipherSuite())
                                .isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
                    }
                });
    }

    @Test
    void refusesABundleThatIsNotThere() {
        fails(
                "broker.ssl.bundle is 'broker', which is not allowed; allowed: the name of an SSL bundle, configured under"
                        + " spring.ssl.bundle (there are: a, b)",
                BUNDLE,
                keys("b", own),
                keys("a", own));
        fails(
                "broker.ssl.bundle is 'broker', which is not allowed; allowed: the name of an SSL bundle, configured under"
                        + " spring.ssl.bundle (there is none)",
                BUNDLE);
    }

    @Test
    void refusesABundleWithoutAKey() {
        fails(
                "broker.ssl.bundle is 'broker', which is not allowed; allowed: the name of an SSL bundle with a private key"
                        + " and its certificate",
                BUNDLE,
                trust("broker", own));
    }

    @Test
    void refusesOptionsThatTheJvmDoesNotHave() {
        fails(
                "broker.ssl.bundle is 'broker', which is not allowed; allowed: the name of an SSL bundle that can be used"
                        + " (Unsupported CipherSuite: ROT13)",
                BUNDLE,
                keys("broker", own),
                List.of("spring.ssl.bundle.pem.broker.options.ciphers=ROT13"));
    }

    @Test
    void refusesTlsWithoutABundle() {
        fails(
                "broker.ssl.bundle is '', which is not allowed; allowed: the name of an SSL bundle while broker.ssl.enabled"
                        + " is true",
                List.of("broker.ssl.enabled=true"));
    }

    @Test
    void refusesToListenNowhere() {
        fails(
                "broker.port is '-1', which is not allowed; allowed: 0 (any free port) to 65535, or -1 (none) together with"
                        + " broker.ssl.bundle",
                BUNDLE,
                keys("broker", own),
                List.of("broker.ssl.enabled=false", "broker.port=-1"));
    }

    @Test
    void saysWhichPropertyHasThePortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            runner.withPropertyValues(
                            properties(BUNDLE, keys("broker", own), List.of("broker.ssl.port=" + taken.getLocalPort())))
                    .run(context -> assertThat(context)
                            .getFailure()
                            .cause()
                            .cause()
                            .isInstanceOfSatisfying(BrokerPortInUseException.class, e -> {
                                assertThat(e.property()).isEqualTo("broker.ssl.port");
                                assertThat(e.port()).isEqualTo(taken.getLocalPort());
                            }));
        }
    }

    @Test
    void explainsAnUnknownBundleWithoutAStackTrace(CapturedOutput output) {
        BrokerFailureTests.run("--broker.ssl.bundle=nobody");
        assertThat(output)
                .contains("The property broker.ssl.bundle has the value 'nobody', which is not allowed.")
                .contains("Set broker.ssl.bundle to an allowed value: the name of an SSL bundle, configured under")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsAWrongKindOfClientAuth(CapturedOutput output) {
        BrokerFailureTests.run("--broker.ssl.client-auth=maybe");
        assertThat(output)
                .contains("The property broker.ssl.client-auth has the value 'maybe', which is not allowed.")
                .contains("Set broker.ssl.client-auth to an allowed value: none, want or need.")
                .doesNotContain("\tat ");
    }

    @SafeVarargs
    private void fails(String message, List<String>... properties) {
        runner.withPropertyValues(properties(properties))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(InvalidBrokerPropertyException.class.getName() + ": " + message));
    }

    private static SslBundle bundle(X509Bundle own) {
        return SslBundle.of(new PemSslStoreBundle(
                PemSslStoreDetails.forCertificate(own.getCertificatePEM()).withPrivateKey(own.getPrivateKeyPEM()),
                null));
    }

    static SSLSocket handshake(AmqpServer server, X509Bundle trusted) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.toTrustManagerFactory().getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.tlsPort());
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static String subject(SSLSocket socket) throws Exception {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }
}
