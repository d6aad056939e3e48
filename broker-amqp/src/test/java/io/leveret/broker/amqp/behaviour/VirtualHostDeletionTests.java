package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertConnectionClose;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class VirtualHostDeletionTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    @Tag("not-rabbitmq-3.10") // there the text may be that of a virtual host that is down
    void closesTheConnectionsOfTheVirtualHostAndNoOthers() throws IOException {
        String vhost = broker.virtualHost();
        Connection other = broker.connection();
        Connection idle = broker.connect(in(vhost));
        Connection busy = broker.connect(in(vhost));
        Channel channel = busy.createChannel();
        channel.queueDeclare("q", false, true, false, null);
        channel.basicConsume("q", true, new Deliveries(channel));

        assertThatConnectionCloses(
                idle,
                () -> assertThatConnectionCloses(busy, () -> broker.undo(vhost), 320, deleted(vhost), 0, 0),
                320,
                deleted(vhost),
                0,
                0);
        assertThat(other.createChannel().isOpen()).isTrue();
    }

    @Test
    void leavesNothingForOneOfTheSameName() throws IOException {
        String vhost = broker.virtualHost();
        broker.administration().putVirtualHostLimit(vhost, "max-connections", 1);
        Connection before = broker.connect(in(vhost));
        Channel channel = before.createChannel();
        channel.exchangeDeclare("e", "fanout", true);
        channel.queueDeclare("q", true, false, false, null);
        channel.queueBind("q", "e", "");
        channel.basicPublish("e", "", null, TestBroker.bytes("a"));
        broker.undo(vhost);
        await().until(() -> !before.isOpen());

        broker.administration().putVirtualHost(vhost);
        broker.afterwards(vhost, () -> broker.administration().deleteVirtualHost(vhost));

        assertRefused(vhost, "NOT_ALLOWED - access to vhost '" + vhost + "' refused for user 'guest'");
        broker.administration().putPermission("guest", vhost, ".*", ".*", ".*");
        Connection after = broker.connect(in(vhost));
        assertThat(broker.connect(in(vhost)).isOpen()).as("no limit is left").isTrue();
        assertThat(TestBroker.queueExists(after, "q")).isFalse();
        assertThat(TestBroker.exchangeExists(after, "e")).isFalse();
        Channel again = after.createChannel();
        again.queueDeclare("q", true, false, false, null);
        assertThat(again.basicGet("q", true)).isNull();
    }

    @Test
    void cannotBeConnectedToAnyMore() throws IOException {
        String vhost = broker.virtualHost();
        broker.undo(vhost);

        assertRefused(vhost, "NOT_ALLOWED - vhost " + vhost + " not found");
    }

    @Test
    void leavesTheSameNamesOfOtherVirtualHostsAlone() throws IOException {
        String vhost = broker.virtualHost();
        String queue = broker.queue(broker.channel());
        broker.connect(in(vhost)).createChannel().queueDeclare(queue, false, false, false, Map.of());

        broker.undo(vhost);

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
    }

    @Test
    void refusesOneThatIsMissing() {
        assertThatIOException()
                .isThrownBy(() -> broker.administration().deleteVirtualHost("none"))
                .withMessageContaining("Virtual host 'none' does not exist");
    }

    private static String deleted(String vhost) {
        return "CONNECTION_FORCED - vhost '" + vhost + "' is deleted";
    }

    private static Consumer<ConnectionFactory> in(String vhost) {
        return factory -> factory.setVirtualHost(vhost);
    }

    private void assertRefused(String vhost, String text) {
        IOException thrown = catchThrowableOfType(IOException.class, () -> broker.connect(in(vhost)));
        assertThat(thrown).as("refusal").isNotNull();
        assertThat(thrown.getCause()).isInstanceOf(ShutdownSignalException.class);
        assertConnectionClose((ShutdownSignalException) thrown.getCause(), 530, text, 10, 40);
    }
}
