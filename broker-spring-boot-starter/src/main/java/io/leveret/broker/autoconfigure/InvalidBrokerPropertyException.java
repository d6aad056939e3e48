package io.leveret.broker.autoconfigure;

import org.jspecify.annotations.Nullable;

/** A {@code broker.*} property has a value the broker cannot run with; says which, and what is allowed. */
public final class InvalidBrokerPropertyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String value;
    private final String allowed;

    /**
     * @param property the whole name, such as {@code broker.limits.channel-max}
     * @param value the value as the user wrote it; never a password
     * @param allowed a clause that follows "allowed: "
     */
    public InvalidBrokerPropertyException(String property, String value, String allowed) {
        this(property, value, allowed, null);
    }

    /** The same, found out by trying. */
    public InvalidBrokerPropertyException(String property, String value, String allowed, @Nullable Throwable cause) {
        super("%s is '%s', which is not allowed; allowed: %s".formatted(property, value, allowed), cause);
        this.property = property;
        this.value = value;
        this.allowed = allowed;
    }

    /** The whole name of the property. */
    public String property() {
        return property;
    }

    /** The value that was refused. */
    public String value() {
        return value;
    }

    /** What would be accepted. */
    public String allowed() {
        return allowed;
    }
}
