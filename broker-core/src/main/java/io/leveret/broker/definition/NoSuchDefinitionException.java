package io.leveret.broker.definition;

/** What was asked for, or what it would belong to, is not there. Nothing has changed. */
public final class NoSuchDefinitionException extends IllegalArgumentException {
    private NoSuchDefinitionException(String message) {
        super(message);
    }

    public static NoSuchDefinitionException virtualHost(String name) {
        return new NoSuchDefinitionException("Virtual host '" + name + "' does not exist");
    }

    public static NoSuchDefinitionException user(String name) {
        return new NoSuchDefinitionException("user '" + name + "' does not exist");
    }

    /** A policy or another parameter; RabbitMQ names neither. */
    public static NoSuchDefinitionException parameter() {
        return new NoSuchDefinitionException("Parameter does not exist");
    }
}
