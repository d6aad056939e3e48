package io.leveret.broker.amqp.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a broker, and of clients, while publishers are blocked. */
class BlockedShutdownTests {
    private final NettyEventLoops loops = NettyEventLoops.start("blocked", 2);
    private final Broker broker = Broker.start(BrokerConfig.defaults("blocked"), loops, new InMemoryDefinitionStore());
    private final AmqpServer server = AmqpServer.start(broker, loops, AmqpServerConfig.loopback(0));
    private final RawAmqpClient client =
            RawAmqpClient.open("127.0.0.1", server.port()).handshake().channel(1);

    BlockedShutdownTests() throws IOException {}

    @BeforeEach
    void block() {
        broker.alarms().setDiskFreeLimit(Long.MAX_VALUE).join();
        client.publish(1, "", "nowhere", Wire.utf8("held back"));
        client.expect(0, MethodId.CONNECTION_BLOCKED);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        broker.close();
        loops.close();
    }

    @Test
    void aBlockedClientIsToldAndItsAnswerIsHeard() {
        CompletableFuture<Void> drained = CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(20)));
        CloseReason reason = CloseReason.read(client.expect(0, MethodId.CONNECTION_CLOSE));
        assertThat(reason.replyCode()).isEqualTo(320);
        client.method(0, MethodId.CONNECTION_CLOSE_OK);
        client.expectClosed();
        assertThat(drained).succeedsWithin(Duration.ofSeconds(60));
        assertThat(server.connectionCount()).isZero();
    }

    @Test
    void aClientThatDoesNotAnswerIsGoneWhenItReturns() {
        server.drain(Duration.ofMillis(50));
        assertThat(server.connectionCount()).isZero();
        assertThat(broker.connections().all()).isEmpty();
    }

    @Test
    void aBlockedClientThatGoesLeavesNothing() {
        client.close();
        await().until(() -> server.connectionCount() == 0);
        broker.alarms().setDiskFreeLimit(0).join();
        assertThat(broker.alarms().inEffect()).isEmpty();
    }
}
