package io.leveret.broker.definition.json;

import io.leveret.broker.definition.DefinitionsImportException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** A JSON text being read from its beginning to its end, within bounds. For one thread. */
final class JsonText implements AutoCloseable {
    /** As deep as a field table may be, which arguments become. */
    static final int MAX_DEPTH = 64;

    /** Longest string, in characters. */
    static final int MAX_STRING = 1 << 20;

    private static final int MAX_NUMBER = 100;

    /** Where the parser says where something began, without saying it. */
    private static final Pattern NOWHERE = Pattern.compile(" \\(for \\w+ starting at \\[Source: [^]]*]\\)");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .maxNameLength(MAX_STRING)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .build();

    private final String file;
    private final JsonParser parser;

    /** @param json in UTF-8, 16 or 32, with or without a byte order mark */
    JsonText(String file, byte[] json) {
        this.file = file;
        this.parser = FACTORY.createParser(ObjectReadContext.empty(), json);
    }

    /** Goes on to the next token; null at the end of the text. */
    @Nullable JsonToken next() {
        try {
            return parser.nextToken();
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    /** The name that the current token is. */
    String memberName() {
        return parser.currentName();
    }

    /** The line of the current token, from 1. */
    int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Goes to the end of the object or list that begins with the current token, if one does. */
    void skip() {
        try {
            parser.skipChildren();
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    /**
     * Reads the value that begins with the current token: String, Long, Double, Boolean, List, Map or null.
     *
     * @throws IllegalArgumentException for a number that is too large
     */
    @Nullable Object value() {
        try {
            return value(parser.currentToken());
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    private @Nullable Object value(@Nullable JsonToken token) {
        if (token == null) {
            throw new DefinitionsImportException(file, "cannot be read as JSON: it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> list();
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default ->
                throw new DefinitionsImportException(
                        file, "cannot be read as JSON: unexpected " + token + " in line " + line());
        };
    }

    /** The last of members with the same name counts, as in RabbitMQ. */
    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            members.put(name, value(parser.nextToken()));
        }
        return Collections.unmodifiableMap(members);
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token));
        }
        return Collections.unmodifiableList(elements);
    }

    private Long integer() {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw outOfRange();
        }
        return parser.getLongValue();
    }

    private Double number() {
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw outOfRange();
        }
        return value;
    }

    private IllegalArgumentException outOfRange() {
        return new IllegalArgumentException("a number does not fit into 64 bits: " + parser.getString());
    }

    private DefinitionsImportException notJson(JacksonException e) {
        TokenStreamLocation found = e.getLocation();
        TokenStreamLocation location = found == null ? parser.currentLocation() : found;
        return new DefinitionsImportException(
                file,
                "cannot be read as JSON: %s (line %d, column %d)"
                        .formatted(
                                NOWHERE.matcher(e.getOriginalMessage()).replaceAll(""),
                                location.getLineNr(),
                                location.getColumnNr()),
                e);
    }

    @Override
    public void close() {
        parser.close();
    }
}
