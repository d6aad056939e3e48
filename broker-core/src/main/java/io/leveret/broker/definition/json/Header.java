package io.leveret.broker.definition.json;

import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.definition.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * What a file says about itself, wherever in the file it does; read before the sections, whose meaning depends on it.
 *
 * @param vhost the virtual host that all of the file is for, null if each entry names its own
 */
record Header(JsonEntry members, @Nullable String vhost) {
    private static final Set<String> MEMBERS = Set.of(
            "rabbit_version",
            "rabbitmq_version",
            "rabbitmq_definition_format",
            "original_vhost_name",
            "metadata",
            "description",
            "tags",
            "default_queue_type",
            "limits");

    static Header read(String file, byte[] json) {
        Place place = new Place(file, "file", 0, 1, "");
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        try (JsonText text = new JsonText(file, json)) {
            if (text.next() != JsonToken.START_OBJECT) {
                throw new DefinitionsImportException(file, "is not a JSON object");
            }
            while (text.next() == JsonToken.PROPERTY_NAME) {
                String member = text.memberName();
                text.next();
                if (MEMBERS.contains(member)) {
                    members.put(member, value(file, member, text));
                } else {
                    text.skip();
                }
            }
            if (text.next() != null) {
                throw new DefinitionsImportException(file, "goes on behind its JSON object, in line " + text.line());
            }
        }
        JsonEntry entry = new JsonEntry(place, members);
        boolean single = "single_virtual_host".equals(members.get("rabbitmq_definition_format"));
        return new Header(entry, single ? entry.properName("original_vhost_name") : null);
    }

    private static @Nullable Object value(String file, String member, JsonText text) {
        try {
            return text.value();
        } catch (IllegalArgumentException e) {
            throw new DefinitionsImportException(file, "'" + member + "': " + e.getMessage(), e);
        }
    }

    /**
     * The algorithm of hashes that do not name one (rabbit_auth_backend_internal: put_user): MD5 up to 3.5, later the
     * default, which is SHA-256 here.
     */
    String defaultHashingAlgorithm() {
        String version = members.optionalString("rabbitmq_version");
        if (version == null) {
            version = members.optionalString("rabbit_version");
        }
        return version != null && version.matches("3\\.[0-5]\\..*")
                ? "rabbit_password_hashing_md5"
                : "rabbit_password_hashing_sha256";
    }
}
