package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.limit.NodeLimits;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections and channels against the limits, and connections that the broker closes. */
class OpenConnectionsTests {
    private final TestBroker broker = new TestBroker(
            BrokerConfig.builder("n@h").limits(new NodeLimits(3, 4, 0, 0, 0)).build());
    private final OpenConnections connections = broker.broker.connections();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void nodeTakesAsManyConnectionsAsItMayHave() {
        TestClient first = broker.connect(0);
        broker.connect(1);
        broker.connect(0);
        assertRefused(() -> broker.connect(1), "connection refused: node connection limit (3) is reached");
        assertThat(connections.all()).hasSize(3);
        first.close();
        broker.connect(1);
    }

    @Test
    void limitOfTheNodeIsLookedAtBeforeTheVirtualHosts() {
        putVirtualHostLimit(0);
        assertRefused(
                () -> broker.connect(0),
                "access to vhost '/' refused for user 'guest': connection limit (0) is reached");
        putVirtualHostLimit(-1);
        broker.connect(0);
        broker.connect(0);
        broker.connect(0);
        putVirtualHostLimit(0);
        assertRefused(() -> broker.connect(0), "connection refused: node connection limit (3) is reached");
    }

    @Test
    void limitOfTheVirtualHostIsLookedAtBeforeTheUsersAndThatBeforePermission() {
        broker.broker.clearPermission("guest", "/").join();
        putUserLimit("max-connections", 0);
        putVirtualHostLimit(0);
        assertRefused(
                () -> broker.connect(0),
                "access to vhost '/' refused for user 'guest': connection limit (0) is reached");
        putVirtualHostLimit(-1);
        assertRefused(
                () -> broker.connect(0), "connection refused for user 'guest': user connection limit (0) is reached");
        putUserLimit("max-connections", -1);
        assertRefused(() -> broker.connect(0), "access to vhost '/' refused for user 'guest'");
        assertThat(connections.all()).isEmpty();
    }

    @Test
    void refusedConnectionsAreNotCounted() {
        putUserLimit("max-connections", 0);
        for (int i = 0; i < 10; i++) {
            assertRefused(
                    () -> broker.connect(0),
                    "connection refused for user 'guest': user connection limit (0) is reached");
        }
        assertThat(connections.countOfVirtualHost("/")).isZero();
        assertThat(connections.countOfUser("guest")).isZero();
        putUserLimit("max-connections", 1);
        broker.connect(0);
        assertThat(connections.countOfVirtualHost("/")).isEqualTo(1);
        assertThat(connections.countOfUser("guest")).isEqualTo(1);
    }

    @Test
    void nodeHasAsManyChannelsAsItMayHave() {
        TestClient client = broker.connect(0);
        TestClient other = broker.connect(1);
        client.open();
        client.open();
        other.open();
        other.open();
        assertRefused(
                client::open, "number of channels opened on node 'n@h' has reached the maximum allowed limit of (4)");
        assertThat(connections.channelCountOfUser("guest")).isEqualTo(4);
        other.close();
        assertThat(connections.channelCountOfUser("guest")).isEqualTo(2);
        client.open();
    }

    @Test
    void userHasAsManyChannelsAsItMayHave() {
        TestClient client = broker.connect(0);
        putUserLimit("max-channels", 1);
        TestChannel channel = client.open();
        AmqpError refused = assertRefused(
                client::open,
                "number of channels opened for user 'guest' has reached the maximum allowed user limit of (1)");
        assertThat(refused.methodId(4711)).isEqualTo(AmqpError.NO_METHOD);
        client.request(() -> channel.channel.close());
        client.open();
    }

    @Test
    void deletedUserIsShownTheDoorOnEveryLoop() {
        broker.broker.putUser("u", "u", Set.of()).join();
        broker.broker.putPermission("u", "/", ".*", ".*", ".*").join();
        TestClient one = broker.connect(0, "u");
        TestClient two = broker.connect(1, "u");
        TestClient guest = broker.connect(0);

        broker.await(broker.broker.deleteUser("u"));

        assertForced(one, "CONNECTION_FORCED - user 'u' is deleted");
        assertForced(two, "CONNECTION_FORCED - user 'u' is deleted");
        assertThat(guest.forcedToClose).isNull();
        assertThat(connections.ofUser("u")).isEmpty();
    }

    @Test
    void deletedVirtualHostClosesItsConnections() {
        TestClient client = broker.connect(0);

        broker.await(broker.broker.deleteVirtualHost("/"));

        assertForced(client, "CONNECTION_FORCED - vhost '/' is deleted");
        assertThat(connections.all()).isEmpty();
        assertRefused(
                () -> broker.broker.openConnection(
                        client.loop, "/", Objects.requireNonNull(client.connection.user()), client),
                "vhost / not found");
    }

    private static void assertForced(TestClient client, String text) {
        assertThat(client.forcedToClose)
                .isNotNull()
                .satisfies(error -> assertThat(error.replyText()).isEqualTo(text))
                .satisfies(error -> assertThat(error.methodId(4711)).isEqualTo(AmqpError.NO_METHOD));
    }

    private void putVirtualHostLimit(long value) {
        broker.broker.putVirtualHostLimit("/", "max-connections", value).join();
    }

    private void putUserLimit(String limit, long value) {
        broker.broker.putUserLimit("guest", limit, value).join();
    }

    private static AmqpError assertRefused(ThrowingCallable request, String text) {
        AmqpError[] error = new AmqpError[1];
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(request)
                .withMessage(text)
                .satisfies(thrown -> error[0] = thrown);
        assertThat(error[0].replyCode()).isEqualTo(ReplyCode.NOT_ALLOWED);
        return error[0];
    }
}
