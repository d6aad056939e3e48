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
 * before it was written need not be.
 */
final class Pulse extends Thread {
    private static final String QUEUE = "pulse";
    private static final long PAUSE_MILLIS = 20;
    private static final long PATIENCE_MILLIS = 300_000;

    private final Traffic traffic;
    private final Ledger ledger;
    private final Connection connection;
    private final Semaphore ended = new Semaphore(0);

    Pulse(Traffic traffic, Ledger ledger, Connection connection) {
        super(QUEUE);
        this.traffic = traffic;
        this.ledger = ledger;
        this.connection = connection;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            Channel channel = connection.createChannel();
            channel.queueDeclare(QUEUE, true, false, false, Map.of("x-max-length", 10));
            channel.confirmSelect();
            do {
                ledger.pulsing(System.nanoTime());
                channel.basicPublish("", QUEUE, MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[1]);
                channel.waitForConfirms(PATIENCE_MILLIS);
                ledger.pulsed(System.nanoTime());
            } while (!ended.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (IOException | ShutdownSignalException | TimeoutException e) {
            traffic.failed(QUEUE, e);
        } catch (InterruptedException e) {
            interrupt();
        }
    }

    void end() {
        ended.release();
    }
}
