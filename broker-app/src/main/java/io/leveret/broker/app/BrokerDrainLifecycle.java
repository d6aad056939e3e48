package io.leveret.broker.app;

import io.leveret.broker.amqp.AmqpServer;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;

/**
 * Lets clients go before the beans are destroyed: no new connections, answers to what came in, then
 * {@code connection.close} 320. Runs in the phase in which Boot drains the web server.
 */
final class BrokerDrainLifecycle implements SmartLifecycle {
    /** What is left of the phase's time for the context to notice that the drain is over. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private final AmqpServer server;
    private final Duration timeout;
    private volatile boolean running;

    BrokerDrainLifecycle(
            AmqpServer server, @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration phaseTimeout) {
        this.server = server;
        this.timeout = phaseTimeout.compareTo(MARGIN.multipliedBy(2)) > 0 ? phaseTimeout.minus(MARGIN) : phaseTimeout;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        server.drain(timeout);
        running = false;
    }

    @Override
    public void stop(Runnable callback) {
        Thread drain = new Thread(
                () -> {
                    try {
                        stop();
                    } finally {
                        callback.run();
                    }
                },
                "broker-drain");
        drain.start();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1024;
    }
}
