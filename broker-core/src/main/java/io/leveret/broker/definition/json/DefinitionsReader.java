package io.leveret.broker.definition.json;

import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsFile.Entry;
import io.leveret.broker.definition.DefinitionsFile.VirtualHostEntry;
import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.definition.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * Reads definitions files of RabbitMQ, both the form for a whole cluster and the one for a single virtual host.
 *
 * <p>The text is gone through twice: what a file says about itself may stand behind what it is about. Nothing but the entry
 * being read is kept as JSON. Bounds: 64 levels of objects and lists, a million characters in a text, 64 bits in a
 * number.
 */
public final class DefinitionsReader {
    private final String file;
    private final Header header;
    private final Entries entries;
    private final @Nullable String vhost;
    private final Map<Section, List<Entry>> read = new EnumMap<>(Section.class);

    private DefinitionsReader(String file, Header header, @Nullable String vhost) {
        this.file = file;
        this.header = header;
        this.vhost = vhost;
        this.entries = new Entries(header, vhost);
    }

    /**
     * Reads a file.
     *
     * @param name how messages call it
     * @param json in UTF-8, 16 or 32, with or without a byte order mark
     * @throws DefinitionsImportException for the first mistake
     */
    public static DefinitionsFile read(String name, byte[] json) {
        Header header = Header.read(name, json);
        DefinitionsReader reader = new DefinitionsReader(name, header, header.vhost());
        if (header.vhost() != null) {
            reader.virtualHostOfTheFile(header.vhost());
        }
        return reader.read(json);
    }

    /**
     * Reads a file into one virtual host, whatever the file says which one it is for: sections about anything else are
     * ignored, and the virtual host itself is not changed.
     *
     * @param name how messages call the file
     * @param json in UTF-8, 16 or 32, with or without a byte order mark
     * @throws DefinitionsImportException for the first mistake
     */
    public static DefinitionsFile readInto(String vhost, String name, byte[] json) {
        return new DefinitionsReader(name, Header.read(name, json), vhost).read(json);
    }

    private void virtualHostOfTheFile(String name) {
        JsonEntry members = header.members();
        VirtualHostEntry entry = entries.virtualHost(members, name);
        List<Entry> vhosts = new ArrayList<>();
        vhosts.add(entry);
        vhosts.addAll(entries.limitsOfVirtualHost(members, name));
        read.put(Section.VHOSTS, vhosts);
    }

    private DefinitionsFile read(byte[] json) {
        try (JsonText text = new JsonText(file, json)) {
            text.next();
            while (text.next() == JsonToken.PROPERTY_NAME) {
                String member = text.memberName();
                JsonToken token = text.next();
                Section section = Section.find(member);
                if (section == null || vhost != null && !section.isOfOneVirtualHost()) {
                    text.skip();
                } else if (token == JsonToken.START_ARRAY) {
                    read.put(section, section(section, member, text));
                } else if (token != JsonToken.VALUE_NULL) {
                    throw new DefinitionsImportException(
                            file, "'" + member + "' in line " + text.line() + " is not a list");
                }
            }
        }
        List<Entry> all = new ArrayList<>();
        read.values().forEach(all::addAll);
        return new DefinitionsFile(file, all);
    }

    private List<Entry> section(Section section, String member, JsonText text) {
        List<Entry> found = new ArrayList<>();
        int index = 0;
        for (JsonToken token = text.next(); token != JsonToken.END_ARRAY; token = text.next()) {
            Place place = new Place(file, member, index++, text.line(), "");
            if (value(place, text) instanceof Map<?, ?> members) {
                entries.read(section, new JsonEntry(place, members), found);
            } else {
                throw new DefinitionsImportException(place, "is not an object");
            }
        }
        return found;
    }

    private static @Nullable Object value(Place place, JsonText text) {
        try {
            return text.value();
        } catch (IllegalArgumentException e) {
            throw new DefinitionsImportException(place, e);
        }
    }
}
