package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.AmqpServer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Starts the broker as soon as the settings are read, so that clients need not wait for the context; the context then
 * gets the running broker in place of the beans of {@link BrokerAutoConfiguration}, and closes it after all other beans.
 * If the start fails or the process is told to end before there is an active context, the broker is closed as well.
 * For a program that is a broker and nothing else: beans of the program cannot replace any part of it, nor add exchange types,
 * which such a program finds as services alone. A program adds one
 * instance to its {@code SpringApplication}, as a listener and as an initializer.
 */
public final class EarlyBroker
        implements ApplicationListener<SpringApplicationEvent>,
                ApplicationContextInitializer<GenericApplicationContext> {
    private StorageOpening storageOpening = BrokerStorage::open;
    private @Nullable StartedParts parts;
    private @Nullable AmqpServer server;

    /**
     * Does ahead what a persistent broker needs; to be called at most once, before there are settings, while another processor
     * is idle.
     */
    public void warmUp() {
        storageOpening = BrokerStorage.prepare();
    }

    /** Starts the broker, unless {@code broker.enabled} is false; closes it when the rest of the start fails. */
    @Override
    public void onApplicationEvent(SpringApplicationEvent event) {
        if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
            Environment environment = prepared.getEnvironment();
            BrokerProperties properties = Binder.get(environment).bindOrCreate("broker", BrokerProperties.class);
            if (properties.enabled()) {
                start(properties, environment);
            } else {
                storageOpening.close();
            }
        } else if (event instanceof ApplicationFailedEvent failed) {
            onFailure(failed.getApplicationContext());
        }
    }

    private void start(BrokerProperties properties, Environment environment) {
        try (StorageOpening opening = storageOpening) {
            StartedBroker started = StartedBroker.start(opening, properties, environment, List.of());
            server = started.server();
            parts = started.parts();
        }
    }

    /** An active context closes its beans itself. One that is not active has done so, or never will. */
    private void onFailure(@Nullable ConfigurableApplicationContext context) {
        StartedParts started = parts;
        if (started != null && (context == null || !context.isActive())) {
            started.closeAll();
            started.forgetEnd();
        }
    }

    /** Makes the running broker beans of the context. */
    @Override
    public void initialize(GenericApplicationContext context) {
        StartedParts started = parts;
        AmqpServer listening = server;
        if (started != null && listening != null) {
            started.register(context.getDefaultListableBeanFactory());
            LocalBrokerPort.publish(context, listening);
        }
    }
}
