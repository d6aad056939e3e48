package io.leveret.broker.definition;

import io.leveret.broker.message.FieldTable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a definitions file asks for, understood but not yet compared with what there is.
 *
 * @param name as the user named the file
 * @param entries in the order in which RabbitMQ imports them: users, virtual hosts, permissions, exchanges, topic
 *     permissions, parameters and policies, queues, bindings
 */
public record DefinitionsFile(String name, List<Entry> entries) {
    public DefinitionsFile {
        entries = List.copyOf(entries);
    }

    /** Whether there is an entry of that kind. */
    public boolean has(Class<? extends Entry> kind) {
        return entries.stream().anyMatch(kind::isInstance);
    }

    /** Something the file defines. */
    public sealed interface Entry {
        /** Where it stands. */
        Place place();
    }

    /**
     * A user. Without a password and with an empty hash nobody can log in as this user with a password.
     *
     * @param password null if the file has the hash
     * @param passwordHash RabbitMQ's encoded form
     * @param hashingAlgorithm RabbitMQ's name of the algorithm
     */
    public record UserEntry(
            Place place,
            String name,
            @Nullable String password,
            String passwordHash,
            String hashingAlgorithm,
            Set<String> tags)
            implements Entry {
        public UserEntry {
            tags = Set.copyOf(tags);
        }

        @Override
        public String toString() {
            return "UserEntry[" + place + "]";
        }
    }

    /** A virtual host; what is null stays as it is in one that is there already. */
    public record VirtualHostEntry(
            Place place,
            String name,
            @Nullable String description,
            @Nullable Set<String> tags,
            @Nullable String defaultQueueType)
            implements Entry {}

    /** A queue; {@link Definition.Queue} has only durable ones. */
    public record QueueEntry(
            Place place, String vhost, String name, boolean durable, boolean autoDelete, FieldTable arguments)
            implements Entry {}

    /** Anything else. */
    public record DefinitionEntry(Place place, Definition definition) implements Entry {}
}
