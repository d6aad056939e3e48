package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one binding of a headers exchange asks of a message. Equal to another if their bindings are equal. */
final class HeadersCriteria {
    private static final String X_MATCH = "x-match";

    private final Binding binding;
    private final boolean any;
    private final String[] keys;
    private final FieldValue[] values;

    private HeadersCriteria(Binding binding, boolean any, String[] keys, FieldValue[] values) {
        this.binding = binding;
        this.any = any;
        this.keys = keys;
        this.values = values;
    }

    /** The criteria of a binding whose arguments are valid. */
    static HeadersCriteria of(Binding binding) {
        FieldValue xMatch = binding.arguments().get(X_MATCH);
        String mode = xMatch == null ? "all" : xMatch.asString();
        boolean withX = mode.endsWith("-with-x");
        List<String> keys = new ArrayList<>();
        List<FieldValue> values = new ArrayList<>();
        for (Map.Entry<String, FieldValue> argument :
                binding.arguments().asMap().entrySet()) {
            String key = argument.getKey();
            if (withX ? !key.equals(X_MATCH) : !key.startsWith("x-")) {
                keys.add(key);
                values.add(argument.getValue());
            }
        }
        return new HeadersCriteria(
                binding, mode.startsWith("any"), keys.toArray(String[]::new), values.toArray(FieldValue[]::new));
    }

    /** @throws AmqpError 406 for an {@code x-match} that isn't one of the four modes */
    static void validate(FieldTable arguments) {
        FieldValue xMatch = arguments.get(X_MATCH);
        if (xMatch == null) {
            return;
        }
        if (!xMatch.isLongString()) {
            throw AmqpError.preconditionFailed("Invalid x-match field type " + xMatch.typeName() + " (value "
                    + ErlangTerm.print(xMatch) + "); expected longstr");
        }
        switch (xMatch.asString()) {
            case "all", "any", "all-with-x", "any-with-x" -> {}
            default ->
                throw AmqpError.preconditionFailed("Invalid x-match field value " + ErlangTerm.print(xMatch)
                        + "; expected all, any, all-with-x, or any-with-x");
        }
    }

    Destination destination() {
        return binding.destination();
    }

    /** Without criteria, all is true and any is false. */
    boolean match(FieldTable headers) {
        for (int i = 0; i < keys.length; i++) {
            if (holds(values[i], headers.get(keys[i])) == any) {
                return any;
            }
        }
        return !any;
    }

    private static boolean holds(FieldValue wanted, @Nullable FieldValue present) {
        if (present == null) {
            return false;
        }
        if (wanted.tag() == 'V') {
            return true;
        }
        // RabbitMQ 4 compares the seconds of the one with the milliseconds of the other: timestamps never match
        return wanted.tag() != 'T' && present.tag() != 'T' && wanted.isEquivalentTo(present);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HeadersCriteria that && binding.equals(that.binding);
    }

    @Override
    public int hashCode() {
        return binding.hashCode();
    }
}
