package io.leveret.broker.app;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Connections of clients that expect the broker to vanish. */
final class Clients {
    private Clients() {}

    /** As guest on a port of this machine, without recovery and without a word in the log about a reset connection. */
    static Connection connect(int port) throws IOException, TimeoutException {
        return connect(port, "guest", "guest", "/");
    }

    static Connection connect(int port, String user, String password, String vhost)
            throws IOException, TimeoutException {
        ConnectionFactory factory = LoopbackClient.factory(port);
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(vhost);
        factory.setExceptionHandler(new ForgivingExceptionHandler() {
            @Override
            public void handleUnexpectedConnectionDriverException(Connection connection, Throwable exception) {
                // The shutdown listeners and the next call hear of it.
            }
        });
        return factory.newConnection();
    }
}
