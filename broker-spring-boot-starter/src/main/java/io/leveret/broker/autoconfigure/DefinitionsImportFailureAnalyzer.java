package io.leveret.broker.autoconfigure;

import io.leveret.broker.definition.DefinitionsImportException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains definitions that the broker refused. */
final class DefinitionsImportFailureAnalyzer extends AbstractFailureAnalyzer<DefinitionsImportException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DefinitionsImportException cause) {
        String problems = cause.explanation().replace("\n", "%n    ".formatted());
        return new FailureAnalysis(
                "The definitions of %s cannot be imported, so nothing was:%n%n    %s".formatted(cause.file(), problems),
                "Correct the file or take out what is named above. Entries are counted from 0.",
                cause);
    }
}
