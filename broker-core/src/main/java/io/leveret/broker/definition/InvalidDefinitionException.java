package io.leveret.broker.definition;

import java.util.List;

/** A definition that may not be made, with RabbitMQ's text for its HTTP API and command line. Nothing has changed. */
public final class InvalidDefinitionException extends IllegalArgumentException {
    private final List<String> errors;

    private InvalidDefinitionException(String message, List<String> errors) {
        super(message);
        this.errors = errors;
    }

    /** One with nothing around its text. */
    public static InvalidDefinitionException of(String text) {
        return new InvalidDefinitionException(text, List.of(text));
    }

    /** What RabbitMQ says of a runtime parameter: {@code Validation failed}, an empty line, a line for each error. */
    public static InvalidDefinitionException validationFailed(List<String> errors) {
        return new InvalidDefinitionException(
                "Validation failed\n\n" + String.join("\n", errors) + "\n", List.copyOf(errors));
    }

    /** The errors alone, never empty. */
    public List<String> errors() {
        return errors;
    }
}
