package io.leveret.broker.autoconfigure.fidelity;

import com.rabbitmq.client.ConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** The two ways in which the Java client reads its sockets; has the client of an application use it. */
public enum ClientMode implements ApplicationContextInitializer<GenericApplicationContext> {
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

    @Override
    public void initialize(GenericApplicationContext context) {
        context.registerBean("clientMode", ConnectionFactoryCustomizer.class, () -> this::configure);
    }

    abstract void configure(ConnectionFactory factory);
}
