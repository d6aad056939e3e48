package io.leveret.broker.amqp;

import io.leveret.broker.error.AmqpError;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The lines about one connection, each with what finds it again in a log that is kept by fields. That clients come and go in
 * order is DEBUG; an orderly client is never WARN.
 */
final class ConnectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);

    private final String broker;
    private final SocketChannel socket;
    private @Nullable String vhost;

    ConnectionLog(String broker, SocketChannel socket) {
        this.broker = broker;
        this.socket = socket;
    }

    void opened(String user, String inVirtualHost) {
        vhost = inVirtualHost;
        line(Level.DEBUG).addKeyValue("user", user).log("connection open");
    }

    void closed(String user) {
        line(Level.DEBUG).addKeyValue("user", user).log("connection closed");
        vhost = null;
    }

    void closing(Level level, String reason) {
        line(level, reason).log("closing connection {}: {}", socket.remoteAddress(), reason);
    }

    void closingChannel(int number, AmqpError error) {
        line(Level.INFO, error.replyText())
                .addKeyValue("channel", number)
                .log("closing channel {} of connection {}: {}", number, socket.remoteAddress(), error.replyText());
    }

    void dropping(String reason) {
        line(Level.WARN, reason).log("dropping connection {}: {}", socket.remoteAddress(), reason);
    }

    void handshakeFailed(AmqpError error) {
        line(Level.WARN, error.replyText())
                .log("handshake with {} failed: {}", socket.remoteAddress(), error.replyText());
    }

    void loginRefused(String user, String reason) {
        line(Level.WARN, reason)
                .addKeyValue("user", user)
                .log("login of user '{}' from {} refused: {}", user, socket.remoteAddress(), reason);
    }

    private LoggingEventBuilder line(Level level, String reason) {
        return line(level).addKeyValue("reason", reason);
    }

    private LoggingEventBuilder line(Level level) {
        LoggingEventBuilder line =
                LOG.atLevel(level).addKeyValue("broker.name", broker).addKeyValue("connection", socket.remoteAddress());
        return vhost == null ? line : line.addKeyValue("vhost", vhost);
    }
}
