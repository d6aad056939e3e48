package io.leveret.broker.message;

/**
 * Copies of messages as dead letters: with another address, other headers and no expiration. The other properties stay the
 * bytes they were.
 */
public final class DeadLetterCopy {
    private DeadLetterCopy() {}

    /**
     * A dead letter, marked as one.
     *
     * @param scanned has scanned the properties of the message
     * @param exchange the name of the exchange it goes to, at most 255 bytes
     * @param routingKey the key it goes with, at most 255 bytes
     * @param headers the entries of its headers, {@code x-death} among them
     * @param routedByKeyAlone see {@link Message#isRoutedByKeyAlone}
     */
    public static Message of(
            Message message,
            PropertyScanner scanned,
            byte[] exchange,
            byte[] routingKey,
            byte[] headers,
            boolean routedByKeyAlone) {
        byte[] data = message.data();
        int properties = message.propertiesOffset();
        int beforeHeaders = scanned.headersPlace();
        int afterHeaders =
                scanned.headersOffset() < 0 ? beforeHeaders : scanned.headersOffset() + scanned.headersLength();
        int expiration = scanned.expirationOffset() < 0 ? message.bodyOffset() : scanned.expirationOffset() - 1;
        int afterExpiration = scanned.expirationOffset() < 0
                ? message.bodyOffset()
                : scanned.expirationOffset() + scanned.expirationLength();
        int propertiesAt = 2 + exchange.length + routingKey.length;
        int bodyAt = propertiesAt
                + (beforeHeaders - properties)
                + Integer.BYTES
                + headers.length
                + (expiration - afterHeaders)
                + (message.bodyOffset() - afterExpiration);

        byte[] letter = new byte[bodyAt + message.bodyLength()];
        int at = shortString(exchange, letter, 0);
        at = shortString(routingKey, letter, at);
        int flags = TableBytes.getShort(data, properties) & PropertyFlags.ALL & ~PropertyFlags.EXPIRATION;
        flags |= PropertyFlags.HEADERS;
        letter[at] = (byte) (flags >> 8);
        letter[at + 1] = (byte) flags;
        at = copy(data, properties + Short.BYTES, beforeHeaders, letter, at + Short.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            letter[at++] = (byte) (headers.length >> shift);
        }
        at = copy(headers, 0, headers.length, letter, at);
        at = copy(data, afterHeaders, expiration, letter, at);
        copy(data, afterExpiration, data.length, letter, at);
        return message.afterDeath(letter, propertiesAt, bodyAt, routedByKeyAlone);
    }

    private static int shortString(byte[] text, byte[] out, int at) {
        out[at] = (byte) text.length;
        return copy(text, 0, text.length, out, at + 1);
    }

    private static int copy(byte[] from, int start, int end, byte[] out, int at) {
        System.arraycopy(from, start, out, at, end - start);
        return at + end - start;
    }
}
