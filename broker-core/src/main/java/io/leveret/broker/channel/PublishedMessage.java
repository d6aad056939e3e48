package io.leveret.broker.channel;

import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The publish that a {@link Publisher} is routing. Used again for each; parses what an exchange asks for, once. */
final class PublishedMessage implements RoutedMessage {
    private static final byte[] NOTHING = {};

    private final Publisher publisher;
    private byte[] data = NOTHING;
    private int propertiesOffset;
    private int bodyOffset;
    private String routingKey = "";
    private List<String> extraKeys = List.of();
    private @Nullable FieldTable headers;
    private @Nullable BasicProperties properties;
    private @Nullable Message message;

    PublishedMessage(Publisher publisher) {
        this.publisher = publisher;
    }

    PublishedMessage of(byte[] published, int propertiesAt, int bodyAt, String key, @Nullable List<String> copies) {
        clear();
        data = published;
        propertiesOffset = propertiesAt;
        bodyOffset = bodyAt;
        routingKey = key;
        extraKeys = copies == null ? List.of() : copies;
        return this;
    }

    /** Lets go of it; returns the message if somebody asked for it. */
    @Nullable Message clear() {
        Message built = message;
        data = NOTHING;
        routingKey = "";
        extraKeys = List.of();
        headers = null;
        properties = null;
        message = null;
        return built;
    }

    @Override
    public String routingKey() {
        return routingKey;
    }

    @Override
    public List<String> extraKeys() {
        return extraKeys;
    }

    @Override
    public FieldTable headers() {
        FieldTable known = headers;
        if (known == null) {
            known = publisher.headers(data);
            headers = known;
        }
        return known;
    }

    @Override
    public BasicProperties properties() {
        BasicProperties known = properties;
        if (known == null) {
            known = BasicProperties.read(data, propertiesOffset, bodyOffset - propertiesOffset);
            properties = known;
        }
        return known;
    }

    @Override
    public Message message() {
        Message known = message;
        if (known == null) {
            known = publisher.message(data, propertiesOffset, bodyOffset);
            message = known;
        }
        return known;
    }
}
