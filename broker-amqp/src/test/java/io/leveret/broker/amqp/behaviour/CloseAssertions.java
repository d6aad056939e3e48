package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownNotifier;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Assertions on how the broker closed a channel or a connection, to the letter. */
public final class CloseAssertions {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private CloseAssertions() {}

    /** Something that makes the broker close a channel or a connection, at once or later. */
    @FunctionalInterface
    public interface Offence {
        void commit() throws IOException;
    }

    /** The fields of channel.close and connection.close. */
    public record Close(int code, String text, int classId, int methodId) {}

    /** The broker answers the offence with this channel.close and leaves the connection open. */
    public static void assertThatChannelCloses(
            Channel channel, Offence offence, int code, String text, int classId, int methodId) {
        Method reason = reasonAfter(channel, offence);
        assertThat(reason)
                .as("close reason")
                .isInstanceOfSatisfying(
                        AMQP.Channel.Close.class,
                        close -> assertThat(new Close(
                                        close.getReplyCode(),
                                        close.getReplyText(),
                                        close.getClassId(),
                                        close.getMethodId()))
                                .isEqualTo(new Close(code, text, classId, methodId)));
        assertThat(channel.getConnection().isOpen()).as("connection is open").isTrue();
    }

    /** The broker answers the offence with this connection.close. */
    public static void assertThatConnectionCloses(
            Connection connection, Offence offence, int code, String text, int classId, int methodId) {
        assertConnectionClose(reasonAfter(connection, offence), code, text, classId, methodId);
    }

    /** The signal carries this connection.close of the broker. */
    public static void assertConnectionClose(
            ShutdownSignalException signal, int code, String text, int classId, int methodId) {
        assertThat(signal.isInitiatedByApplication()).isFalse();
        assertConnectionClose(signal.getReason(), code, text, classId, methodId);
    }

    private static void assertConnectionClose(Object reason, int code, String text, int classId, int methodId) {
        assertThat(reason)
                .as("close reason")
                .isInstanceOfSatisfying(
                        AMQP.Connection.Close.class,
                        close -> assertThat(new Close(
                                        close.getReplyCode(),
                                        close.getReplyText(),
                                        close.getClassId(),
                                        close.getMethodId()))
                                .isEqualTo(new Close(code, text, classId, methodId)));
    }

    private static Method reasonAfter(ShutdownNotifier closed, Offence offence) {
        CompletableFuture<ShutdownSignalException> shutdown = new CompletableFuture<>();
        closed.addShutdownListener(shutdown::complete);
        try {
            offence.commit();
        } catch (IOException | ShutdownSignalException e) {
            assertThat(e.toString() + e.getCause()).as("the offence's error").contains("reply-code=");
        }
        assertThat(shutdown).as("close by the broker").succeedsWithin(PATIENCE);
        ShutdownSignalException signal = shutdown.join();
        assertThat(signal.isInitiatedByApplication())
                .as("closed by the application: %s", signal)
                .isFalse();
        return signal.getReason();
    }
}
