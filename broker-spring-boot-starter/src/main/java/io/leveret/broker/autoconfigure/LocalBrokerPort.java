package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.AmqpServer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/** The properties {@code local.broker.port} and {@code local.broker.ssl.port}, kept where Boot keeps {@code local.server.port}. */
final class LocalBrokerPort {
    static final String PROPERTY = "local.broker.port";
    static final String SSL_PROPERTY = "local.broker.ssl.port";

    private static final String SOURCE = "server.ports";

    private LocalBrokerPort() {}

    /** Makes the ports that there are known to the context and its parents. */
    static void publish(@Nullable ApplicationContext context, AmqpServer server) {
        for (ApplicationContext each = context; each != null; each = each.getParent()) {
            if (each.getEnvironment() instanceof ConfigurableEnvironment environment) {
                publish(environment.getPropertySources(), server);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void publish(MutablePropertySources sources, AmqpServer server) {
        PropertySource<?> source = sources.get(SOURCE);
        if (source == null) {
            source = new MapPropertySource(SOURCE, new HashMap<>());
            sources.addFirst(source);
        }
        Map<String, Object> ports = (Map<String, Object>) source.getSource();
        if (server.port() != AmqpServer.NO_PORT) {
            ports.put(PROPERTY, server.port());
        }
        if (server.tlsPort() != AmqpServer.NO_PORT) {
            ports.put(SSL_PROPERTY, server.tlsPort());
        }
    }
}
