package io.leveret.broker.autoconfigure.fidelity;

import com.rabbitmq.client.ConnectionFactory;

/** The two ways in which the Java client reads its sockets. */
public enum ClientMode {
    BLOCKING {
        @Override
        void configure(ConnectionFactory factory) {
            // is how the client comes
        }
    },
    NETTY {
        @Override
        void configure(ConnectionFactory factory) {
            factory.netty();
        }
    };

    abstract void configure(ConnectionFactory factory);
}
