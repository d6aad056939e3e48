package io.leveret.broker.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/** The property {@code local.broker.port}, kept where Boot keeps {@code local.server.port}. */
final class LocalBrokerPort {
    static final String PROPERTY = "local.broker.port";

    private static final String SOURCE = "server.ports";

    private LocalBrokerPort() {}

    /** Makes the port known to the context and its parents. */
    static void publish(@Nullable ApplicationContext context, int port) {
        for (ApplicationContext each = context; each != null; each = each.getParent()) {
            if (each.getEnvironment() instanceof ConfigurableEnvironment environment) {
                publish(environment.getPropertySources(), port);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void publish(MutablePropertySources sources, int port) {
        PropertySource<?> source = sources.get(SOURCE);
        if (source == null) {
            source = new MapPropertySource(SOURCE, new HashMap<>());
            sources.addFirst(source);
        }
        ((Map<String, Object>) source.getSource()).put(PROPERTY, port);
    }
}
