package io.leveret.broker.test.context;

import io.leveret.broker.test.context.EmbeddedBroker.Scope;
import io.leveret.broker.test.embedded.BrokerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/** Gives a context its broker. Two are equal, and so their contexts are one, if they give it the same. */
record EmbeddedBrokerContextCustomizer(Scope scope, BrokerSettings settings) implements ContextCustomizer {
    private static final String SOURCE = "embeddedBroker";

    static EmbeddedBrokerContextCustomizer of(EmbeddedBroker annotation) {
        return new EmbeddedBrokerContextCustomizer(
                annotation.scope(),
                new BrokerSettings(List.of(annotation.definitions()), List.of(annotation.properties())));
    }

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        Map<String, Object> properties = new LinkedHashMap<>(settings.asProperties());
        if (scope == Scope.JVM) {
            SharedBrokers.Lease lease = SharedBrokers.ofThisJvm().lease(settings);
            lease.register(context.getBeanFactory());
            properties.put("local.broker.port", lease.port());
        }
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource(SOURCE, properties));
    }
}
