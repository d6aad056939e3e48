package io.leveret.broker.autoconfigure;

import io.leveret.broker.channel.Interception;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/** Explains a {@code broker.*} value of the wrong type, such as {@code broker.port=amqp}. */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class BrokerPropertyTypeFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("broker");
    private static final Map<Class<?>, String> ALLOWED = Map.of(
            int.class, "a whole number",
            Integer.class, "a whole number",
            boolean.class, "true or false",
            Boolean.class, "true or false",
            Duration.class, "a duration such as 60s or 500ms",
            DataSize.class, "a size such as 128KB or 16MB",
            ClientAuth.class, "none, want or need",
            Interception.class, "off, if-absent or overwrite",
            InetAddress.class, "an IP address, or the name of a host that resolves to one");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        Class<?> type = cause.getTarget().getType().resolve();
        if (property == null || type == null || !PREFIX.isAncestorOf(property.getName())) {
            return null;
        }
        String allowed = ALLOWED.get(type);
        if (allowed == null) {
            return null;
        }
        return new FailureAnalysis(
                "The property %s has the value '%s', which is not allowed.%s"
                        .formatted(property.getName(), property.getValue(), origin(property)),
                "Set %s to an allowed value: %s.".formatted(property.getName(), allowed),
                cause);
    }

    private static String origin(ConfigurationProperty property) {
        return property.getOrigin() == null ? "" : " It comes from " + property.getOrigin() + ".";
    }
}
