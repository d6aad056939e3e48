package io.leveret.broker.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Explains a refused {@code broker.*} value; goes before Boot's analyzer, which would only see a failed constructor. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidBrokerPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidBrokerPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidBrokerPropertyException cause) {
        return new FailureAnalysis(
                "The property %s has the value '%s', which is not allowed.".formatted(cause.property(), cause.value()),
                "Set %s to an allowed value: %s.".formatted(cause.property(), cause.allowed()),
                cause);
    }
}
