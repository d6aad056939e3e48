package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class UserDeletionTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void closesTheConnectionsOfTheUserAndNoOthers() throws IOException {
        String user = user();
        Connection others = broker.connection();
        Connection idle = broker.channelOf(user).getConnection();
        Channel channel = broker.channelOf(user);
        String queue = broker.queue(channel);
        channel.basicConsume(queue, true, new Deliveries(channel));

        assertThatConnectionCloses(
                idle,
                () -> assertThatConnectionCloses(
                        channel.getConnection(), () -> broker.undo(user), 320, deleted(user), 0, 0),
                320,
                deleted(user),
                0,
                0);
        assertThat(others.createChannel().isOpen()).isTrue();
        assertThat(TestBroker.queueExists(others, queue)).isTrue();
        assertThatThrownBy(() -> broker.channelOf(user)).isInstanceOf(AuthenticationFailureException.class);
    }

    @Test
    void takesExclusiveQueuesAlong() throws IOException {
        String user = user();
        Channel channel = broker.channelOf(user);
        String queue = broker.name();
        channel.queueDeclare(queue, false, true, false, null);

        assertThatConnectionCloses(channel.getConnection(), () -> broker.undo(user), 320, deleted(user), 0, 0);

        await().until(() -> !TestBroker.queueExists(broker.connection(), queue));
    }

    @Test
    void changedPasswordLeavesConnectionsOpen() throws IOException {
        String user = user();
        Channel channel = broker.channelOf(user);

        broker.administration().changePassword(user, "other");

        assertThatThrownBy(() -> broker.channelOf(user)).isInstanceOf(AuthenticationFailureException.class);
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    private String user() throws IOException {
        String user = broker.uniqueName();
        broker.accounts().putUser(user, user);
        broker.afterwards(user, () -> broker.accounts().deleteUser(user));
        broker.accounts().putPermission(user, ".*", ".*", ".*");
        return user;
    }

    private static String deleted(String user) {
        return "CONNECTION_FORCED - user '" + user + "' is deleted";
    }
}
