package io.leveret.broker.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the dependency that a persistent broker needs. */
final class MissingBrokerStoreFailureAnalyzer extends AbstractFailureAnalyzer<MissingBrokerStoreException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MissingBrokerStoreException cause) {
        return new FailureAnalysis(
                "The property broker.persistent is 'true', but the module that keeps the broker's data is not on the class"
                        + " path.",
                "Add the dependency io.leveret:broker-store-jpa, or set broker.persistent=false to keep everything in"
                        + " memory.",
                cause);
    }
}
