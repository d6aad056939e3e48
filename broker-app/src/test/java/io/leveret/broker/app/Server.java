package io.leveret.broker.app;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * A broker that is started, stopped and started again with the same data. With {@code -Dbroker.faults.rabbitmq=true} it is
 * Debian's RabbitMQ, which shows whether a test expects the right thing.
 */
interface Server extends AutoCloseable {
    /** Starts it and waits until clients can come. */
    void start() throws IOException, InterruptedException;

    /** SIGKILL, and waits until it is gone. */
    void kill();

    /** SIGTERM, and waits until it is gone. */
    void stop() throws InterruptedException;

    boolean isAlive();

    Connection connect() throws IOException, TimeoutException;

    Connection connect(String user, String password, String vhost) throws IOException, TimeoutException;

    /** What the last start has written. */
    String log() throws IOException;

    /** Kills it if it still runs. */
    @Override
    void close();
}
