package io.leveret.broker.amqp.tls;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What everybody, the broker and Netty, writes to the log at WARN or ERROR while a test runs. */
final class LogOfBroker extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private final Logger connections = (Logger) LoggerFactory.getLogger("io.leveret.broker.amqp.AmqpConnection");
    private final Level levelOfConnections = connections.getLevel();

    LogOfBroker() {
        start();
        connections.setLevel(Level.WARN);
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String logger = event.getLoggerName();
        boolean ofServer = logger.startsWith("io.leveret") || logger.startsWith("io.netty");
        if (ofServer && event.getLevel().isGreaterOrEqual(Level.WARN)) {
            events.add(event);
        }
    }

    /** Level and text of each line; a stack trace would be part of it. */
    List<String> lines() {
        return events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage()
                        + (event.getThrowableProxy() == null ? "" : " with a stack trace"))
                .toList();
    }

    @Override
    public void close() {
        root.detachAppender(this);
        connections.setLevel(levelOfConnections);
        stop();
    }
}
