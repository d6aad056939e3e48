package io.leveret.broker.autoconfigure.fidelity;

import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The two ways in which the Java client reads its sockets. Has the client of an application use it, and both sides wait for
 * each other however busy the machine is.
 */
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
            LoopbackClient.onNetty(factory);
        }
    };

    @Override
    public void initialize(GenericApplicationContext context) {
        TestPropertyValues.of("broker.limits.handshake-timeout=" + LoopbackClient.PATIENT_HANDSHAKE_MILLIS + "ms")
                .applyTo(context);
        context.registerBean("clientMode", ConnectionFactoryCustomizer.class, () -> factory -> {
            factory.setHandshakeTimeout(LoopbackClient.PATIENT_HANDSHAKE_MILLIS);
            configure(factory);
        });
    }

    abstract void configure(ConnectionFactory factory);
}
