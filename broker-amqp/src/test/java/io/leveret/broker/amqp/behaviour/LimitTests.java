package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertConnectionClose;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
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
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits that operators put on virtual hosts and users. */
@Tag("behaviour")
class LimitTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    // ---- virtual hosts

    @Test
    void virtualHostTakesAsManyConnectionsAsItMayHave() throws IOException {
        String vhost = broker.virtualHost();
        broker.administration().putVirtualHostLimit(vhost, "max-connections", 1);
        Connection first = broker.connect(in(vhost));

        assertRefused(
                in(vhost),
                "NOT_ALLOWED - access to vhost '" + vhost
                        + "' refused for user 'guest': connection limit (1) is reached");
        first.close();
        assertThat(connectsSoon(in(vhost))).isTrue();
    }

    @Test
    void virtualHostWithLimitZeroTakesNone() throws IOException {
        String vhost = broker.virtualHost();
        broker.administration().putVirtualHostLimit(vhost, "max-connections", 0);

        assertRefused(
                in(vhost),
                "NOT_ALLOWED - access to vhost '" + vhost
                        + "' refused for user 'guest': connection limit (0) is reached");
    }

    @Test
    void negativeLimitOfAVirtualHostIsNone() throws IOException {
        String vhost = broker.virtualHost();
        broker.administration().putVirtualHostLimit(vhost, "max-connections", 0);
        broker.administration().putVirtualHostLimit(vhost, "max-connections", -1);

        assertThat(broker.connect(in(vhost)).isOpen()).isTrue();
    }

    @Test
    void limitThatComesLaterLeavesOpenConnectionsAlone() throws IOException {
        String vhost = broker.virtualHost();
        Connection open = broker.connect(in(vhost));

        broker.administration().putVirtualHostLimit(vhost, "max-connections", 0);

        assertRefused(
                in(vhost),
                "NOT_ALLOWED - access to vhost '" + vhost
                        + "' refused for user 'guest': connection limit (0) is reached");
        assertThat(open.createChannel().isOpen()).isTrue();
    }

    @Test
    void virtualHostTakesAsManyQueuesAsItMayHave() throws IOException {
        String vhost = broker.virtualHost();
        broker.administration().putVirtualHostLimit(vhost, "max-queues", 1);
        Connection connection = broker.connect(in(vhost));
        Channel channel = connection.createChannel();
        channel.queueDeclare("one", false, false, false, null);

        channel.queueDeclare("one", false, false, false, null);
        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare("two", false, false, false, null),
                406,
                "PRECONDITION_FAILED - cannot declare queue 'two': queue limit in vhost '" + vhost + "' (1) is reached",
                50,
                10);
        Channel other = connection.createChannel();
        other.queueDelete("one");
        other.queueDeclare("two", false, false, false, null);
        assertThat(TestBroker.queueExists(connection, "two")).isTrue();
    }

    // ---- users

    @Test
    @Tag("not-rabbitmq-3.10") // there the text begins with a capital letter
    void userHasAsManyConnectionsAsItMayHave() throws IOException {
        String user = user();
        broker.administration().putUserLimit(user, "max-connections", 1);
        Connection first = broker.connect(as(user));

        assertRefused(
                as(user),
                "NOT_ALLOWED - connection refused for user '" + user + "': user connection limit (1) is reached");
        first.close();
        assertThat(connectsSoon(as(user))).isTrue();
    }

    @Test
    void userHasAsManyChannelsAsItMayHave() throws IOException {
        String user = user();
        broker.administration().putUserLimit(user, "max-channels", 2);
        Connection one = broker.connect(as(user));
        one.createChannel();
        Channel second = broker.channelOf(user);
        second.abort();
        Channel again = channelSoon(user);
        assertThat(again.isOpen()).isTrue();

        assertThatConnectionCloses(
                one,
                one::createChannel,
                530,
                "NOT_ALLOWED - number of channels opened for user '" + user
                        + "' has reached the maximum allowed user limit of (2)",
                0,
                0);
        assertThat(again.isOpen()).isTrue();
    }

    @Test
    void channelsOfAClosedConnectionCountNoLonger() throws IOException {
        String user = user();
        broker.administration().putUserLimit(user, "max-channels", 1);
        Connection one = broker.connect(as(user));
        one.createChannel();
        one.close();

        assertThat(channelSoon(user).isOpen()).isTrue();
    }

    @Test
    void negativeLimitOfAUserIsNone() throws IOException {
        String user = user();
        broker.administration().putUserLimit(user, "max-channels", 0);
        broker.administration().putUserLimit(user, "max-channels", -1);

        assertThat(broker.connect(as(user)).createChannel().isOpen()).isTrue();
    }

    // ---- what is refused

    @Test
    void refusesLimitsThatThereAreNot() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> broker.administration().putVirtualHostLimit("/", "max-fun", 1))
                .withMessageContaining("Unrecognised terms [{<<\"max-fun\">>,1}] in limits");
        String user = user();
        assertThatIOException()
                .isThrownBy(() -> broker.administration().putUserLimit(user, "max-fun", 1))
                .withMessageContaining("Unrecognised terms [{<<\"max-fun\">>,1}] in user-limits");
    }

    // ----

    private String user() throws IOException {
        String user = broker.user();
        broker.administration().putPermission(user, "/", ".*", ".*", ".*");
        return user;
    }

    private static Consumer<ConnectionFactory> in(String vhost) {
        return factory -> factory.setVirtualHost(vhost);
    }

    private static Consumer<ConnectionFactory> as(String user) {
        return factory -> {
            factory.setUsername(user);
            factory.setPassword(user);
        };
    }

    private void assertRefused(Consumer<ConnectionFactory> settings, String text) {
        IOException thrown = catchThrowableOfType(IOException.class, () -> broker.connect(settings));
        assertThat(thrown).as("refusal").isNotNull();
        assertThat(thrown.getCause()).isInstanceOf(ShutdownSignalException.class);
        assertConnectionClose((ShutdownSignalException) thrown.getCause(), 530, text, 10, 40);
    }

    /** RabbitMQ counts what is closed a moment later. */
    private boolean connectsSoon(Consumer<ConnectionFactory> settings) {
        await().pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> broker.connect(settings).isOpen());
        return true;
    }

    private Channel channelSoon(String user) {
        return await().pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> broker.channelOf(user), Channel::isOpen);
    }
}
