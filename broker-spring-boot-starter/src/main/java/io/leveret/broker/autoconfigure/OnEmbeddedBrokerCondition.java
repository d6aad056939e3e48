package io.leveret.broker.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * No broker when the user points at a real one, unless they ask for both. An embedded broker in front of a configured one
 * would make tests pass that never saw the broker they are about.
 */
final class OnEmbeddedBrokerCondition extends SpringBootCondition {
    private static final List<String> REAL_BROKER_KEYS =
            List.of("spring.rabbitmq.addresses", "spring.rabbitmq.host", "spring.rabbitmq.port");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Embedded broker");
        Environment environment = context.getEnvironment();
        Binder binder = Binder.get(environment);
        if (environment.getProperty("broker.enabled", Boolean.class, false)) {
            return ConditionOutcome.match(message.because("broker.enabled is true"));
        }
        for (String key : REAL_BROKER_KEYS) {
            boolean isSet = binder.bind(key, Bindable.listOf(String.class)).orElse(List.of()).stream()
                    .anyMatch(StringUtils::hasText);
            if (isSet) {
                return ConditionOutcome.noMatch(
                        message.because(key + " names another broker; set broker.enabled=true to start one anyway"));
            }
        }
        return ConditionOutcome.match(message.because("no spring.rabbitmq.* property names another broker"));
    }
}
