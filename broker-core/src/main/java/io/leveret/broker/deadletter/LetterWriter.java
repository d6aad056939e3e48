package io.leveret.broker.deadletter;

import io.leveret.broker.exchange.RoutingHeaders;
import io.leveret.broker.message.DeadLetterCopy;
import io.leveret.broker.message.Expiration;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.PropertyScanner;
import io.leveret.broker.message.SortedTable;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.text.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters of messages, as RabbitMQ 4 does (rabbit_dead_letter, mc:record_death, mc_amqpl:protocol_state). Of one
 * loop.
 */
final class LetterWriter {
    private static final int MAX_SHORT_STRING = 255;
    private static final byte[] X_DEATH = ascii("x-death");
    private static final byte[] CC = ascii(RoutingHeaders.CC);

    /** What a first death adds, in ascending order. */
    private static final byte[][] FIRST_KEYS = {
        X_DEATH,
        ascii("x-first-death-exchange"),
        ascii("x-first-death-queue"),
        ascii("x-first-death-reason"),
        ascii("x-last-death-exchange"),
        ascii("x-last-death-queue"),
        ascii("x-last-death-reason")
    };

    /** What every other death changes, in ascending order. */
    private static final byte[][] LATER_KEYS = {X_DEATH, FIRST_KEYS[4], FIRST_KEYS[5], FIRST_KEYS[6]};

    private final PropertyScanner properties = new PropertyScanner();

    /** A dead letter and the history that stands in it. */
    record Letter(Message message, DeathHistory history) {}

    /**
     * The dead letter of a message.
     *
     * @param queue the name of the queue it died in
     * @param seconds when, since the epoch
     */
    Letter write(Message message, String queue, DeathReason reason, DeadLettering to, long seconds) {
        byte[] data = message.data();
        properties.scan(data, message.propertiesOffset(), message.propertiesLength());
        byte[] queueName = Utf8.encode(queue);
        byte[] exchange = Arrays.copyOfRange(data, 1, 1 + (data[0] & 0xFF));
        Death death = new Death(queueName, reason, seconds, exchange, routingKeys(message), expiration(message));
        DeathHistory history = history(message).with(death);
        byte[] headers = headers(
                message, history, longString(exchange), longString(queueName), longString(ascii(reason.text())));
        String replaced = to.routingKey();
        Message letter = DeadLetterCopy.of(
                message,
                properties,
                Utf8.encode(to.exchange()),
                replaced == null ? routingKey(message) : shortString(replaced),
                headers,
                replaced != null || message.isRoutedByKeyAlone());
        return new Letter(letter, history);
    }

    /** What the message's header tells; a header that its publisher wrote is none of ours. */
    private DeathHistory history(Message message) {
        return message.hasDeaths()
                ? DeathHistory.read(message.data(), properties.findHeader(X_DEATH))
                : DeathHistory.NONE;
    }

    private byte[] headers(Message message, DeathHistory history, byte[] exchange, byte[] queue, byte[] reason) {
        if (message.hasDeaths()) {
            return SortedTable.with(
                    message.data(), properties.headersOffset(), properties.headersLength(), LATER_KEYS, new byte[][] {
                        history.encoded(), exchange, queue, reason
                    });
        }
        FieldTable published = publishedHeaders(message);
        byte[] sorted = published == null ? new byte[0] : published.toSortedBytes();
        byte[][] values = {history.encoded(), exchange, queue, reason, exchange, queue, reason};
        return SortedTable.with(sorted, 0, sorted.length, FIRST_KEYS, values);
    }

    private @Nullable FieldTable publishedHeaders(Message message) {
        return properties.headersOffset() < 0
                ? null
                : FieldTable.read(message.data(), properties.headersOffset(), properties.headersLength());
    }

    /** The keys it was last published with: its own, those of CC and of BCC, less the ones that BCC once named. */
    private List<byte[]> routingKeys(Message message) {
        List<String> bcc = message.bccKeys();
        boolean copies =
                !message.isRoutedByKeyAlone() && properties.headersOffset() >= 0 && properties.findHeader(CC) >= 0;
        byte[] own = routingKey(message);
        if (!copies && bcc == null) {
            return List.of(own);
        }
        List<String> keys = new ArrayList<>();
        keys.add(Utf8.decode(own, 0, own.length));
        FieldTable headers = copies ? publishedHeaders(message) : null;
        if (headers != null) {
            keys.addAll(RoutingHeaders.keys(RoutingHeaders.CC, headers));
        }
        if (bcc != null) {
            if (!message.isRoutedByKeyAlone()) {
                keys.addAll(bcc);
            }
            // one for one, as RabbitMQ does: a key that also stands elsewhere loses its first place, not its last
            bcc.forEach(keys::remove);
        }
        return keys.stream().map(Utf8::encode).toList();
    }

    private static byte[] routingKey(Message message) {
        byte[] data = message.data();
        int at = 1 + (data[0] & 0xFF);
        return Arrays.copyOfRange(data, at + 1, at + 1 + (data[at] & 0xFF));
    }

    private long expiration(Message message) {
        return properties.expirationOffset() < 0
                ? -1
                : Expiration.parseMillis(
                        Utf8.decode(message.data(), properties.expirationOffset(), properties.expirationLength()));
    }

    /** Cut if it is too long for a delivery; an argument of a queue may be. */
    private static byte[] shortString(String text) {
        byte[] bytes = Utf8.encode(text);
        return bytes.length <= MAX_SHORT_STRING ? bytes : Arrays.copyOf(bytes, MAX_SHORT_STRING);
    }

    /** A value of type {@code longstr} with its tag. */
    private static byte[] longString(byte[] text) {
        return ByteBuffer.allocate(1 + Integer.BYTES + text.length)
                .put((byte) 'S')
                .putInt(text.length)
                .put(text)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
