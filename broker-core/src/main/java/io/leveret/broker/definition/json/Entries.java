package io.leveret.broker.definition.json;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionsFile.DefinitionEntry;
import io.leveret.broker.definition.DefinitionsFile.Entry;
import io.leveret.broker.definition.DefinitionsFile.QueueEntry;
import io.leveret.broker.definition.DefinitionsFile.UserEntry;
import io.leveret.broker.definition.DefinitionsFile.VirtualHostEntry;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of the JSON of one entry what it means, by section; fields and defaults are those of rabbit_definitions. */
final class Entries {
    private static final String QUEUE_TYPE = "x-queue-type";

    private final String defaultHashingAlgorithm;
    private final @Nullable String vhost;

    /** @param vhost the virtual host of all entries, null if each names its own */
    Entries(Header header, @Nullable String vhost) {
        this.defaultHashingAlgorithm = header.defaultHashingAlgorithm();
        this.vhost = vhost;
    }

    /** Adds what the entry defines, which may be several things, to the list. */
    void read(Section section, JsonEntry json, List<Entry> found) {
        switch (section) {
            case USERS -> user(json, found);
            case VHOSTS -> {
                String name = json.properName("name");
                JsonEntry named = json.at(json.place().named("'" + name + "'"));
                found.add(virtualHost(named, name));
                found.addAll(limitsOfVirtualHost(named, name));
            }
            case PERMISSIONS -> found.add(permission(json));
            case TOPIC_PERMISSIONS -> found.add(topicPermission(json));
            case GLOBAL_PARAMETERS -> found.add(globalParameter(json));
            case PARAMETERS -> parameter(json, found);
            case POLICIES -> found.add(policy(json));
            case EXCHANGES -> found.add(exchange(json));
            case QUEUES -> found.add(queue(json));
            case BINDINGS -> found.add(binding(json));
        }
    }

    private void user(JsonEntry json, List<Entry> found) {
        String name = json.properName("name");
        JsonEntry user = json.at(json.place().named("'" + name + "'"));
        String password = user.optionalString("password");
        String hash = user.optionalString("password_hash");
        if (password != null && hash != null) {
            throw user.invalid("has both 'password' and 'password_hash'");
        }
        Set<String> tags = user.tags("tags");
        if (tags == null && user.has("administrator")) { // as RabbitMQ 1.x and 2.x wrote it
            tags = user.bool("administrator", false) ? Set.of("administrator") : Set.of();
        }
        if (tags == null) {
            throw user.invalid("'tags' is missing");
        }
        String algorithm = user.optionalString("hashing_algorithm");
        found.add(new UserEntry(
                user.place(),
                name,
                password,
                hash == null ? "" : hash,
                algorithm == null ? defaultHashingAlgorithm : algorithm,
                tags));
        user.limits("limits")
                .forEach((limit, value) ->
                        found.add(new DefinitionEntry(user.place(), new Definition.UserLimit(name, limit, value))));
    }

    /** What stands beside the metadata wins, as in RabbitMQ. */
    VirtualHostEntry virtualHost(JsonEntry json, String name) {
        JsonEntry metadata = json.object("metadata");
        String description = json.optionalString("description");
        Set<String> tags = json.tags("tags");
        String queueType = defaultQueueType(json);
        return new VirtualHostEntry(
                json.place(),
                name,
                description == null ? metadata.optionalString("description") : description,
                tags == null ? metadata.tags("tags") : tags,
                queueType == null ? defaultQueueType(metadata) : queueType);
    }

    /** RabbitMQ writes the atom undefined as a text for none. */
    private static @Nullable String defaultQueueType(JsonEntry json) {
        String type = json.optionalString("default_queue_type");
        return "undefined".equals(type) ? null : type;
    }

    List<Entry> limitsOfVirtualHost(JsonEntry json, String name) {
        List<Entry> limits = new ArrayList<>();
        json.limits("limits")
                .forEach((limit, value) -> limits.add(
                        new DefinitionEntry(json.place(), new Definition.VirtualHostLimit(name, limit, value))));
        return limits;
    }

    private Entry permission(JsonEntry json) {
        String user = json.properName("user");
        String in = json.properName("vhost");
        JsonEntry named = json.at(json.place().named("of '" + user + "'" + inVhost(in)));
        return new DefinitionEntry(
                named.place(),
                new Definition.Permission(
                        user, in, named.string("configure"), named.string("write"), named.string("read")));
    }

    private Entry topicPermission(JsonEntry json) {
        String user = json.properName("user");
        String in = json.properName("vhost");
        String exchange = json.name("exchange");
        JsonEntry named =
                json.at(json.place().named("of '" + user + "' for exchange '" + exchange + "'" + inVhost(in)));
        return new DefinitionEntry(
                named.place(),
                new Definition.TopicPermission(user, in, exchange, named.string("write"), named.string("read")));
    }

    private Entry globalParameter(JsonEntry json) {
        String name = json.properName("name");
        JsonEntry named = json.at(json.place().named("'" + name + "'"));
        return new DefinitionEntry(named.place(), new Definition.Parameter(null, "global", name, value(named)));
    }

    private void parameter(JsonEntry json, List<Entry> found) {
        String component = json.properName("component");
        String name = json.properName("name");
        String in = vhost(json);
        JsonEntry named = json.at(json.place().named("'" + component + "/" + name + "'" + inVhost(in)));
        switch (component) {
            case "operator_policy" -> found.add(policy(named.object("value"), in, name, true));
            case "vhost-limits" ->
                named.limits("value")
                        .forEach((limit, value) -> found.add(
                                new DefinitionEntry(named.place(), new Definition.VirtualHostLimit(in, limit, value))));
            default ->
                found.add(new DefinitionEntry(
                        named.place(), new Definition.Parameter(in, component, name, value(named))));
        }
    }

    private static Object value(JsonEntry json) {
        Object value = json.members().get("value");
        if (value == null) {
            throw json.invalid("'value' is missing");
        }
        return value;
    }

    private Entry policy(JsonEntry json) {
        String name = json.properName("name");
        String in = vhost(json);
        return policy(json.at(json.place().named("'" + name + "'" + inVhost(in))), in, name, false);
    }

    private static Entry policy(JsonEntry json, String in, String name, boolean operator) {
        String applyTo = json.optionalString("apply-to");
        return new DefinitionEntry(
                json.place(),
                new Definition.Policy(
                        in,
                        name,
                        operator,
                        json.string("pattern"),
                        applyTo == null ? "all" : applyTo,
                        json.integer("priority", 0),
                        json.values("definition")));
    }

    private Entry exchange(JsonEntry json) {
        String name = json.name("name");
        String in = vhost(json);
        JsonEntry named = json.at(json.place().named("'" + name + "'" + inVhost(in)));
        return new DefinitionEntry(
                named.place(),
                new Definition.Exchange(
                        in,
                        name,
                        named.string("type"),
                        named.bool("durable", true),
                        named.bool("auto_delete", false),
                        named.bool("internal", false),
                        named.arguments("arguments")));
    }

    private Entry queue(JsonEntry json) {
        String name = json.properName("name");
        String in = vhost(json);
        JsonEntry named = json.at(json.place().named("'" + name + "'" + inVhost(in)));
        FieldTable arguments = named.arguments("arguments");
        String type = named.optionalString("type");
        if (type != null && arguments.get(QUEUE_TYPE) == null) {
            arguments = arguments.with(QUEUE_TYPE, FieldValue.of(type));
        }
        return new QueueEntry(
                named.place(), in, name, named.bool("durable", true), named.bool("auto_delete", false), arguments);
    }

    private Entry binding(JsonEntry json) {
        String source = json.name("source");
        String destination = json.name("destination");
        String in = vhost(json);
        JsonEntry named = json.at(json.place().named("from '" + source + "' to '" + destination + "'" + inVhost(in)));
        String type = named.string("destination_type");
        if (!type.equals("queue") && !type.equals("exchange")) {
            throw named.invalid("'destination_type' is '" + type + "', neither 'queue' nor 'exchange'");
        }
        return new DefinitionEntry(
                named.place(),
                new Definition.Binding(
                        in,
                        source,
                        destination,
                        type.equals("queue"),
                        named.name("routing_key"),
                        named.arguments("arguments")));
    }

    private String vhost(JsonEntry json) {
        if (vhost != null) {
            return vhost;
        }
        if (!json.has("vhost")) {
            Map<?, ?> members = json.members();
            Object name = members.get("name");
            throw json.invalid((name == null ? "" : "'" + name + "': ")
                    + "'vhost' is missing, which only a file with \"rabbitmq_definition_format\": \"single_virtual_host\""
                    + " may leave out");
        }
        return json.properName("vhost");
    }

    private static String inVhost(String vhost) {
        return " in vhost '" + vhost + "'";
    }
}
