package io.leveret.broker.app.traffic;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Where to get a connection to the broker, without automatic recovery. */
@FunctionalInterface
public interface Connections {
    Connection open() throws IOException, TimeoutException;
}
