package io.leveret.broker.amqp.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.ListenException;
import io.leveret.broker.amqp.TlsConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // a broker of its own each
class TlsTests {
    private final Certificates certificates;
    private final SslContext context;

    TlsTests() throws Exception {
        certificates = new Certificates();
        context = certificates.server(certificates.forServer("first"), ClientAuth.NONE);
    }

    @Test
    void servesTheBlockingClientAndTheOneOnNetty() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context)) {
            sendsAndReceives(broker.connect(certificates.client(null)));
            sendsAndReceives(broker.connectOnNetty(certificates.nettyClient(null)));
        }
    }

    private static void sendsAndReceives(Connection connection) throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        Channel channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.confirmSelect();
        channel.basicPublish("", queue, null, body);
        channel.waitForConfirmsOrDie(60_000);
        GetResponse response = channel.basicGet(queue, true);
        assertThat(response.getBody()).isEqualTo(body);
    }

    @Test
    void deliversManyMessagesToAConsumerThatIsStoppedAndGoesOn() throws Exception {
        int count = 300;
        byte[] body = new byte[20_000];
        try (TlsBroker broker = TlsBroker.with(context)) {
            Connection connection = broker.connect(certificates.client(null));
            Channel publisher = connection.createChannel();
            String queue = publisher.queueDeclare().getQueue();
            publisher.confirmSelect();
            AtomicInteger received = new AtomicInteger();
            CompletableFuture<Void> goOn = new CompletableFuture<>();
            Channel consumer = connection.createChannel();
            consumer.basicConsume(
                    queue,
                    true,
                    (tag, delivery) -> {
                        if (received.incrementAndGet() == 10) {
                            goOn.join();
                        }
                    },
                    tag -> {});
            for (int i = 0; i < count; i++) {
                publisher.basicPublish("", queue, null, body);
            }
            goOn.complete(null);
            publisher.waitForConfirmsOrDie(60_000);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(received).hasValue(count));
        }
    }

    @Test
    void listensWithAndWithoutTlsSideBySide() throws Exception {
        try (TlsBroker broker = TlsBroker.start(0, new TlsConfig(0, context))) {
            assertThat(broker.server().port())
                    .isPositive()
                    .isNotEqualTo(broker.server().tlsPort());
            Channel plain = broker.connectPlain().createChannel();
            Channel secured = broker.connect(certificates.client(null)).createChannel();
            plain.queueDeclare("both", false, false, true, null);
            secured.basicPublish("", "both", new AMQP.BasicProperties(), "x".getBytes());
            await().until(() -> plain.basicGet("both", true) != null);
        }
    }

    @Test
    void hasNoPlainListenerWithoutAPlainPort() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context)) {
            assertThat(broker.server().port()).isEqualTo(AmqpServer.NO_PORT);
            assertThat(broker.server().tlsPort()).isPositive();
            assertThat(broker.server().isListening()).isTrue();
            broker.server().close();
            assertThat(broker.server().isListening()).isFalse();
        }
    }

    @Test
    void refusesToListenNowhereAndWithAContextOfAClient() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsBroker.start(AmqpServer.NO_PORT, null))
                .withMessage("neither a plain port nor one with TLS");
        SslContext client = certificates.nettyClient(null);
        assertThatIllegalArgumentException().isThrownBy(() -> new TlsConfig(0, client));
        try (TlsBroker plain = TlsBroker.start(0, null)) {
            assertThat(plain.server().tlsPort()).isEqualTo(AmqpServer.NO_PORT);
            assertThatIllegalStateException().isThrownBy(() -> plain.server().replaceTlsContext(context));
        }
    }

    @Test
    void saysWhichPortIsTakenAndListensOnNone() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> TlsBroker.start(free, new TlsConfig(taken.getLocalPort(), context)))
                    .satisfies(e -> assertThat(e.isTls()).isTrue())
                    .satisfies(e -> assertThat(e.port()).isEqualTo(taken.getLocalPort()));
            try (ServerSocket plain = new ServerSocket(free, 1, InetAddress.getLoopbackAddress())) {
                assertThat(plain.isBound()).isTrue();
            }
        }
    }

    @Test
    void replacesTheCertificateForNewHandshakesAlone() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context)) {
            Connection old = broker.connect(certificates.client(null));
            assertThat(commonName(broker)).isEqualTo("CN=first");

            broker.server().replaceTlsContext(certificates.server(certificates.forServer("second"), ClientAuth.NONE));

            assertThat(commonName(broker)).isEqualTo("CN=second");
            sendsAndReceives(old);
            sendsAndReceives(broker.connect(certificates.client(null)));
        }
    }

    private String commonName(TlsBroker broker) throws Exception {
        try (SSLSocket socket = (SSLSocket) certificates
                .client(null)
                .getSocketFactory()
                .createSocket("127.0.0.1", broker.server().tlsPort())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void closesConnectionsWithTheReasonWhenItStops() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context)) {
            CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
            broker.connect(certificates.client(null)).addShutdownListener(closed::complete);
            broker.server().drain(Duration.ofSeconds(10));
            assertThat(closed.get(60, TimeUnit.SECONDS)).hasMessageContaining("reply-code=320");
            assertThat(broker.server().connectionCount()).isZero();
        }
    }

    @Test
    void endsAConnectionWhoseClientSaysThatItIsDone() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context);
                SSLSocket socket = (SSLSocket) certificates
                        .client(null)
                        .getSocketFactory()
                        .createSocket("127.0.0.1", broker.server().tlsPort())) {
            socket.startHandshake();
            socket.shutdownOutput();
            broker.awaitNoConnections();
            assertThat(broker.server().isListening()).isTrue();
        }
    }

    @Test
    void asksForACertificateOnlyIfItIsToldTo() throws Exception {
        try (TlsBroker broker =
                TlsBroker.with(certificates.server(certificates.forServer("want"), ClientAuth.OPTIONAL))) {
            sendsAndReceives(broker.connect(certificates.client(null)));
            sendsAndReceives(broker.connect(certificates.client(certificates.forClient("CN=app"))));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> broker.connect(
                            certificates.client(new Certificates().forClient("CN=stranger")), factory -> {}));
        }
    }

    @Test
    void letsNobodyInWithoutACertificateWhereItNeedsOne() throws Exception {
        try (TlsBroker broker =
                        TlsBroker.with(certificates.server(certificates.forServer("need"), ClientAuth.REQUIRE));
                LogOfBroker log = new LogOfBroker()) {
            sendsAndReceives(broker.connect(certificates.client(certificates.forClient("CN=app"))));
            sendsAndReceives(broker.connectOnNetty(certificates.nettyClient(certificates.forClient("CN=app"))));
            assertThat(log.lines()).isEmpty();
            int before = broker.server().connectionCount();

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> broker.connect(certificates.client(null)));

            await().untilAsserted(
                            () -> assertThat(broker.server().connectionCount()).isEqualTo(before));
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches("WARN dropping connection /127\\.0\\.0\\.1:\\d+: TLS failed: .*certificate.*");
        }
    }
}
