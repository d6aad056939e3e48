package io.leveret.broker.autoconfigure.fidelity;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Points an application at the broker that the system property {@value #URI_PROPERTY} names, such as
 * {@code amqp://guest:guest@localhost:5672}. Without that it stays with the one the starter embeds.
 */
public final class BrokerUnderTest implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final String URI_PROPERTY = "broker.test.uri";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        String uri = System.getProperty(URI_PROPERTY, "");
        if (!uri.isEmpty()) {
            TestPropertyValues.of("spring.rabbitmq.addresses=" + uri).applyTo(context);
        }
    }
}
