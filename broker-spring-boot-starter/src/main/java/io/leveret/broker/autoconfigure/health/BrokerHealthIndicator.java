package io.leveret.broker.autoconfigure.health;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerVersion;
import io.leveret.broker.journal.JournalState;
import io.leveret.broker.limit.Alarm;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * UP while the broker listens and what it stores reaches its database, DOWN while that fails, OUT_OF_SERVICE once it drains;
 * looks at memory only. An alarm is shown and does not change the status: those who can end it are consumers, who must still
 * be sent here.
 */
final class BrokerHealthIndicator extends AbstractHealthIndicator {
    private final Broker broker;
    private final AmqpServer server;
    private final Instant startedAt;

    BrokerHealthIndicator(Broker broker, AmqpServer server, Instant startedAt) {
        super("broker health check failed");
        this.broker = broker;
        this.server = server;
        this.startedAt = startedAt;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        JournalState journal = broker.journalState();
        status(builder, journal)
                .withDetail("name", broker.config().name())
                .withDetail("version", BrokerVersion.current())
                .withDetail("uptime", Duration.between(startedAt, Instant.now()).toSeconds() + "s")
                .withDetail("connections", server.connectionCount())
                .withDetail(
                        "alarms",
                        broker.alarms().inEffect().stream().map(Alarm::resource).toList());
        if (server.port() != AmqpServer.NO_PORT) {
            builder.withDetail("port", server.port());
        }
        if (server.tlsPort() != AmqpServer.NO_PORT) {
            builder.withDetail("ssl-port", server.tlsPort());
        }
        if (journal != null) {
            builder.withDetail("journal", describe(journal));
        }
    }

    private Health.Builder status(Health.Builder builder, @Nullable JournalState journal) {
        if (!server.isListening()) {
            return builder.outOfService();
        }
        return journal == null || journal == JournalState.AVAILABLE ? builder.up() : builder.down();
    }

    private static String describe(JournalState journal) {
        return switch (journal) {
            case AVAILABLE -> "available";
            case FAILING ->
                "commits fail and are tried again, publishers wait for their confirms; the log has the reason";
            case BROKEN -> "stopped because of a defect, nothing is stored or confirmed; the log has the reason";
            case CLOSED -> "closed";
        };
    }
}
