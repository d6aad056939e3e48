package io.leveret.broker.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a taken AMQP port. */
final class BrokerPortInUseFailureAnalyzer extends AbstractFailureAnalyzer<BrokerPortInUseException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BrokerPortInUseException cause) {
        return new FailureAnalysis(
                "The broker cannot listen for AMQP on %s:%d because another program already does."
                        .formatted(cause.address(), cause.port()),
                "Stop the other program, or give this broker another port with %s (0 takes any free one)."
                        .formatted(cause.property()),
                cause);
    }
}
