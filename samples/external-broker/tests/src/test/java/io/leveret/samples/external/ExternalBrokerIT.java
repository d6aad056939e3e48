package io.leveret.samples.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    static JarProcess broker;
    static int amqpPort;

    @BeforeAll
    static void startTheBroker() throws Exception {
        makeCertificates();
        Path settings = Path.of("..", "broker");
        Path home = Files.createDirectory(folder.resolve("broker"));
        Files.copy(settings.resolve("application.yml"), home.resolve("application.yml"));
        Files.copy(settings.resolve("definitions.json"), home.resolve("definitions.json"));
        broker = JarProcess.start("broker-app/target/broker-app.jar", home, "--broker.ssl.port=0", "--server.port=0");
        amqpPort = Integer.parseInt(broker.awaitLine("is up: AMQPS on 127\\.0\\.0\\.1:(\\d+)"));
    }

    private static void makeCertificates() throws Exception {
        ProcessBuilder script = new ProcessBuilder(
                        Path.of("..", "make-certificates").toAbsolutePath().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("make-certificates.log").toFile());
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int status = script.start().waitFor();
        assertThat(status)
                .as(Files.readString(folder.resolve("make-certificates.log")))
                .isZero();
    }

    @AfterAll
    static void stopTheBroker() {
        broker.close();
    }

    @Test
    void aPurchaseBecomesAnInvoice() throws Exception {
        String port = "--spring.rabbitmq.port=" + amqpPort;
        try (JarProcess shop = JarProcess.start(
                        "samples/external-broker/shop/target/shop.jar", folder, port, "--server.port=0");
                JarProcess billing =
                        JarProcess.start("samples/external-broker/billing/target/billing.jar", folder, port)) {
            String http = "http://127.0.0.1:" + shop.awaitLine("Tomcat started on port (\\d+)");
            HttpResponse<String> sold = send(HttpRequest.newBuilder(URI.create(http + "/purchases"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"customer\":\"Ada\",\"cents\":995}"))
                    .build());
            assertThat(sold.statusCode()).isEqualTo(202);

            HttpRequest invoices =
                    HttpRequest.newBuilder(URI.create(http + "/invoices")).build();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(send(invoices).body()).contains("\"customer\":\"Ada\",\"cents\":995"));

            billing.terminate();
            shop.terminate();
            assertThat(billing.log()).contains("invoice for Ada: 995 cents").doesNotContain("ERROR");
            assertThat(shop.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void aServiceMayDoNothingButItsWork() throws Exception {
        try (Connection connection = connect("shop", "shop-secret", "trade")) {
            assertThatThrownBy(() -> connection.createChannel().basicGet("billing.purchases", true))
                    .hasRootCauseMessage("channel error; protocol method: #method<channel.close>(reply-code=403, "
                            + "reply-text=ACCESS_REFUSED - read access to queue 'billing.purchases' in vhost 'trade' "
                            + "refused for user 'shop', class-id=60, method-id=70)");
            assertThatThrownBy(() -> connection.createChannel().queueDeclare("mine", true, false, false, null))
                    .hasRootCauseMessage("channel error; protocol method: #method<channel.close>(reply-code=403, "
                            + "reply-text=ACCESS_REFUSED - configure access to queue 'mine' in vhost 'trade' "
                            + "refused for user 'shop', class-id=50, method-id=10)");
        }
        assertThatThrownBy(() -> connect("guest", "guest", "/")).isInstanceOf(AuthenticationFailureException.class);
    }

    @Test
    void nobodyGetsInWithoutTls() {
        ConnectionFactory plain = new ConnectionFactory();
        plain.setHost("127.0.0.1");
        plain.setPort(amqpPort);
        plain.setUsername("shop");
        plain.setPassword("shop-secret");
        plain.setVirtualHost("trade");
        assertThatThrownBy(plain::newConnection).isInstanceOf(IOException.class);
    }

    private static Connection connect(String user, String password, String virtualHost) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(amqpPort);
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(virtualHost);
        factory.useSslProtocol(trustingTheCertificate());
        factory.enableHostnameVerification();
        return factory.newConnection();
    }

    private static SSLContext trustingTheCertificate() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream certificate = Files.newInputStream(folder.resolve("certificates/broker.pem"))) {
            trusted.setCertificateEntry(
                    "broker", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
