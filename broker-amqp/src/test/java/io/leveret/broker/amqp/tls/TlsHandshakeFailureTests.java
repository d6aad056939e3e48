package io.leveret.broker.amqp.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.TlsConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong ends the connection and is one line of the log, never a stack trace. */
@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // a broker of its own each
class TlsHandshakeFailureTests {
    private static final String PEER = "/127\\.0\\.0\\.1:\\d+";
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final Certificates certificates;
    private final SslContext context;

    TlsHandshakeFailureTests() throws Exception {
        certificates = new Certificates();
        context = certificates.server(certificates.forServer("server"), ClientAuth.NONE);
    }

    @Test
    void plainBytesOnThePortWithTls() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context);
                LogOfBroker log = new LogOfBroker();
                Socket socket = socket(broker.server().tlsPort())) {
            socket.getOutputStream()
                    .write("AMQP\0\0\11\1 and what else a client may say".getBytes(StandardCharsets.UTF_8));
            readToEnd(socket);
            broker.awaitNoConnections();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches("WARN dropping connection " + PEER
                            + ": a client without TLS on the port with TLS; it has to connect to the other port");
        }
    }

    @Test
    void tlsOnThePortWithoutTls() throws Exception {
        try (TlsBroker broker = TlsBroker.start(0, new TlsConfig(0, context));
                LogOfBroker log = new LogOfBroker();
                SSLSocket socket = (SSLSocket) certificates
                        .client(null)
                        .getSocketFactory()
                        .createSocket(
                                socket(broker.server().port()),
                                "127.0.0.1",
                                broker.server().port(),
                                true)) {
            assertThatIOException().isThrownBy(socket::startHandshake);
            broker.awaitNoConnections();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches("WARN closing connection " + PEER
                            + ": a TLS client on the port without TLS; it has to connect to the other port");
        }
    }

    @Test
    void aHandshakeThatNeverCompletes() throws Exception {
        // the header of a record of 512 bytes with a ClientHello, and its first bytes
        byte[] halfAHello = HexFormat.of().parseHex("1603010200010001fc0303");
        try (TlsBroker broker = TlsBroker.withHandshakeTimeoutMillis(700, context);
                LogOfBroker log = new LogOfBroker();
                Socket silent = socket(broker.server().tlsPort());
                Socket half = socket(broker.server().tlsPort());
                SSLSocket noAmqp = (SSLSocket) certificates
                        .client(null)
                        .getSocketFactory()
                        .createSocket("127.0.0.1", broker.server().tlsPort())) {
            half.getOutputStream().write(halfAHello);
            readToEnd(silent);
            readToEnd(half);
            readToEnd(noAmqp);
            broker.awaitNoConnections();
            assertThat(log.lines())
                    .hasSize(3)
                    .allSatisfy(line ->
                            assertThat(line).matches("WARN dropping connection " + PEER + ": handshake timed out"));
        }
    }

    @Test
    void aClientThatTrustsAnotherAuthority() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context);
                LogOfBroker log = new LogOfBroker()) {
            assertThatIOException().isThrownBy(() -> broker.connect(new Certificates().client(null), factory -> {}));
            broker.awaitNoConnections();
            await().untilAsserted(() -> assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches("WARN dropping connection " + PEER
                            + ": TLS failed: .*(certificate_unknown|bad_certificate).*"));
        }
    }

    @Test
    void aRecordThatWasChangedOnItsWay() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context);
                LogOfBroker log = new LogOfBroker();
                Socket raw = socket(broker.server().tlsPort());
                SSLSocket socket = (SSLSocket) certificates
                        .client(null)
                        .getSocketFactory()
                        .createSocket(raw, "127.0.0.1", broker.server().tlsPort(), false)) {
            socket.startHandshake();
            socket.getOutputStream().write("AMQP\0\0\11\1".getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            raw.getOutputStream().write(HexFormat.of().parseHex("1703030020" + "00".repeat(32)));
            broker.awaitNoConnections();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches("WARN dropping connection " + PEER + ": TLS failed: .*");
        }
    }

    @Test
    void aClientThatGoesWithoutAWordIsNotWorthALine() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context);
                LogOfBroker log = new LogOfBroker()) {
            socket(broker.server().tlsPort()).close();
            broker.awaitNoConnections();
            broker.connect(certificates.client(null)).close();
            broker.awaitNoConnections();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void stoppingDoesNotWaitForHandshakes() throws Exception {
        try (TlsBroker broker = TlsBroker.with(context);
                LogOfBroker log = new LogOfBroker();
                Socket silent = socket(broker.server().tlsPort())) {
            AmqpServer server = broker.server();
            await().until(() -> server.connectionCount() == 1);
            server.close();
            assertThat(server.connectionCount()).isZero();
            readToEnd(silent);
            assertThat(log.lines()).isEmpty();
        }
    }

    private static Socket socket(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    /** Returns when the server has closed the connection; what it says before does not matter. */
    private static void readToEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketTimeoutException late) {
            throw new AssertionError("still open", late);
        } catch (IOException closed) {
            assertThat(closed.getMessage()).isNotEmpty();
        }
    }
}
