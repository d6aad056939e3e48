package io.leveret.broker.app.traffic;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures how long it takes until something is on disk. Confirms of what is consumed at once do not show it: what was acked
 * before it was written need not be. There is one for each loop of the broker, because one may be slower than the others.
 */
final class Pulse extends Thread {
    private static final long PAUSE_MILLIS = 20;
    private static final long PATIENCE_MILLIS = 300_000;

    private final Traffic traffic;
    private final Ledger ledger;
    private final Connection connection;
    private final String queue;
    private final Semaphore ended = new Semaphore(0);

    /** @param connection of its own */
    Pulse(Traffic traffic, Ledger ledger, Connection connection, int number) {
        super("pulse-" + number);
        this.queue = getName();
        this.traffic = traffic;
        this.ledger = ledger;
        this.connection = connection;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            Channel channel = connection.createChannel();
            channel.queueDeclare(queue, true, false, false, Map.of("x-max-length", 10));
            channel.confirmSelect();
            do {
                ledger.pulsing(queue, System.nanoTime());
                channel.basicPublish("", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[1]);
                channel.waitForConfirms(PATIENCE_MILLIS);
                ledger.pulsed(queue, System.nanoTime());
            } while (!ended.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (IOException | ShutdownSignalException | TimeoutException e) {
            traffic.failed(queue, e);
        } catch (InterruptedException e) {
            interrupt();
        }
    }

    void end() {
        ended.release();
    }
}
