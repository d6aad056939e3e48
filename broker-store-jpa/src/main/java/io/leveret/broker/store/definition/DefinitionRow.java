package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import java.util.UUID;

/** A definition as a row of a table. */
public sealed interface DefinitionRow
        permits VirtualHostRow,
                UserRow,
                PermissionRow,
                TopicPermissionRow,
                VirtualHostLimitRow,
                UserLimitRow,
                ParameterRow,
                PolicyRow,
                ExchangeRow,
                QueueRow,
                BindingRow {

    /** What two versions of the same definition have in common, and no other definition has. */
    UUID id();

    Definition toDefinition();

    static DefinitionRow of(Definition definition) {
        // no pattern switch in Java 17
        if (definition instanceof Definition.Queue queue) {
            return new QueueRow(queue);
        } else if (definition instanceof Definition.Binding binding) {
            return new BindingRow(binding);
        } else if (definition instanceof Definition.Exchange exchange) {
            return new ExchangeRow(exchange);
        } else if (definition instanceof Definition.VirtualHost vhost) {
            return new VirtualHostRow(vhost);
        } else if (definition instanceof Definition.User user) {
            return new UserRow(user);
        } else if (definition instanceof Definition.Permission permission) {
            return new PermissionRow(permission);
        } else if (definition instanceof Definition.TopicPermission permission) {
            return new TopicPermissionRow(permission);
        } else if (definition instanceof Definition.VirtualHostLimit limit) {
            return new VirtualHostLimitRow(limit);
        } else if (definition instanceof Definition.UserLimit limit) {
            return new UserLimitRow(limit);
        } else if (definition instanceof Definition.Parameter parameter) {
            return new ParameterRow(parameter);
        } else if (definition instanceof Definition.Policy policy) {
            return new PolicyRow(policy);
        }
        throw new IllegalArgumentException("unknown kind of definition: " + definition.getClass());
    }
}
