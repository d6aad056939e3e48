package io.leveret.broker.store.definition;

import java.util.List;

/** The kinds of rows there are. */
public final class DefinitionRows {
    /** What others depend on first, bindings last. */
    private static final List<Class<? extends DefinitionRow>> KINDS = List.of(
            VirtualHostRow.class,
            UserRow.class,
            PermissionRow.class,
            TopicPermissionRow.class,
            VirtualHostLimitRow.class,
            UserLimitRow.class,
            ParameterRow.class,
            PolicyRow.class,
            ExchangeRow.class,
            QueueRow.class,
            BindingRow.class);

    private DefinitionRows() {}

    /** The entities, in the order in which definitions are loaded. */
    public static List<Class<? extends DefinitionRow>> kinds() {
        return KINDS;
    }
}
