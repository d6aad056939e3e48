package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS from PEM files, as {@code spring.ssl.bundle.pem.*} names them. */
class TlsIT {
    private static final String BUNDLE = "--spring.ssl.bundle.pem.broker.";

    @TempDir
    Path folder;

    private final X509Bundle authority = new CertificateBuilder()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .ecp256()
            .buildSelfSigned();
    private final X509Bundle client =
            new CertificateBuilder().subject("CN=client").ecp256().buildIssuedBy(authority);

    TlsIT() throws Exception {}

    @Test
    void servesClientsWithACertificateAndFollowsItsFiles() throws Exception {
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        Path trusted = Files.writeString(folder.resolve("authority.pem"), authority.getCertificatePEM());
        write(server("first"), key, certificate);
        try (BrokerProcess broker = BrokerProcess.start(
                folder,
                "--broker.persistent=false",
                "--broker.ssl.bundle=broker",
                "--broker.ssl.port=0",
                "--broker.ssl.client-auth=need",
                BUNDLE + "keystore.private-key=" + key,
                BUNDLE + "keystore.certificate=" + certificate,
                BUNDLE + "truststore.certificate=" + trusted,
                BUNDLE + "reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=200ms")) {
            try (Connection connection = connect(broker, client)) {
                Channel channel = connection.createChannel();
                channel.queueDeclare("q", false, false, false, null);
                channel.basicPublish("", "q", null, "x".getBytes());
                await().until(() -> channel.basicGet("q", true) != null);
                assertThatIOException().isThrownBy(() -> connect(broker, null));
                assertThat(broker.get("/actuator/health").body()).contains("\"ssl-port\":" + broker.amqpsPort());

                write(server("second"), key, certificate);

                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(subject(broker)).isEqualTo("CN=second"));
                assertThat(channel.queueDeclarePassive("q").getMessageCount()).isZero();
            }
            try (Connection plain = broker.connect()) {
                assertThat(plain.isOpen()).isTrue();
            }
            assertThat(broker.log()).doesNotContain("ERROR").doesNotContain("\tat ");
        }
    }

    @Test
    void explainsAnUnknownBundleInAParagraphAndDoesNotStart() throws Exception {
        try (BrokerProcess broker = BrokerProcess.run(
                folder, "--broker.persistent=false", "--broker.port=-1", "--broker.ssl.bundle=brokr")) {
            assertThat(broker.exitCode()).isEqualTo(1);
            assertThat(broker.log())
                    .contains("APPLICATION FAILED TO START")
                    .contains("The property broker.ssl.bundle has the value 'brokr', which is not allowed.")
                    .contains("configured under spring.ssl.bundle (there is none)")
                    .doesNotContain("\tat ");
        }
    }

    private X509Bundle server(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanIpAddress("127.0.0.1")
                .ecp256()
                .buildIssuedBy(authority);
    }

    /** The certificate last: a reload in between finds a pair that does not match, and is followed by another one. */
    private static void write(X509Bundle own, Path key, Path certificate) throws IOException {
        Files.writeString(key, own.getPrivateKeyPEM());
        Files.writeString(certificate, own.getCertificatePathPEM());
    }

    private Connection connect(BrokerProcess broker, @Nullable X509Bundle own) throws Exception {
        ConnectionFactory factory = LoopbackClient.factory(broker.amqpsPort());
        factory.useSslProtocol(tls(own));
        factory.enableHostnameVerification();
        return factory.newConnection();
    }

    private String subject(BrokerProcess broker) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) tls(client).getSocketFactory().createSocket("127.0.0.1", broker.amqpsPort())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private SSLContext tls(@Nullable X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        context.init(keys, authority.toTrustManagerFactory().getTrustManagers(), new SecureRandom());
        return context;
    }
}
