package io.leveret.broker.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why the broker's data can't be opened. */
final class BrokerStoreFailedFailureAnalyzer extends AbstractFailureAnalyzer<BrokerStoreFailedException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BrokerStoreFailedException cause) {
        return new FailureAnalysis(
                "The broker can't open its data: %s. That database comes from %s."
                        .formatted(cause.getMessage(), cause.origin()),
                cause.remedy() + ", or set broker.persistent=false to keep everything in memory.",
                cause);
    }
}
