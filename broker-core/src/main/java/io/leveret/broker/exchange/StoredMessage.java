package io.leveret.broker.exchange;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.PropertyScanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that is there already, to be routed once more by its own keys. Made to be used again for each message; for one
 * thread.
 */
public final class StoredMessage implements RoutedMessage {
    private static final byte[] CC = RoutingHeaders.CC.getBytes(StandardCharsets.US_ASCII);

    private final PropertyScanner scanner = new PropertyScanner();
    private @Nullable Message message;
    private @Nullable String routingKey;
    private List<String> extraKeys = List.of();
    private @Nullable FieldTable headers;
    private @Nullable BasicProperties properties;

    /** Takes another message in place of the last; returns this. */
    public StoredMessage of(Message stored) {
        scanner.scan(stored.data(), stored.propertiesOffset(), stored.propertiesLength());
        message = stored;
        routingKey = null;
        headers = null;
        properties = null;
        extraKeys = findExtraKeys(stored);
        return this;
    }

    /** Lets go of the message. */
    public void clear() {
        scanner.reset();
        message = null;
        routingKey = null;
        headers = null;
        properties = null;
        extraKeys = List.of();
    }

    private List<String> findExtraKeys(Message stored) {
        if (stored.isRoutedByKeyAlone()) {
            return List.of();
        }
        List<String> bcc = stored.bccKeys();
        if (scanner.headersOffset() < 0 || scanner.findHeader(CC) < 0) {
            return bcc == null ? List.of() : bcc;
        }
        List<String> keys = new ArrayList<>(RoutingHeaders.keys(RoutingHeaders.CC, headers()));
        if (bcc != null) {
            keys.addAll(bcc);
        }
        return keys;
    }

    @Override
    public String routingKey() {
        String known = routingKey;
        if (known == null) {
            known = message().routingKey();
            routingKey = known;
        }
        return known;
    }

    @Override
    public List<String> extraKeys() {
        return extraKeys;
    }

    @Override
    public FieldTable headers() {
        FieldTable known = headers;
        if (known == null) {
            known = scanner.headersOffset() < 0
                    ? FieldTable.EMPTY
                    : FieldTable.read(message().data(), scanner.headersOffset(), scanner.headersLength());
            headers = known;
        }
        return known;
    }

    @Override
    public BasicProperties properties() {
        BasicProperties known = properties;
        if (known == null) {
            Message stored = message();
            known = BasicProperties.read(stored.data(), stored.propertiesOffset(), stored.propertiesLength());
            properties = known;
        }
        return known;
    }

    @Override
    public Message message() {
        Message stored = message;
        if (stored == null) {
            throw new IllegalStateException("no message is being routed");
        }
        return stored;
    }
}
