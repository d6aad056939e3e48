package io.leveret.broker.message;

import java.util.Arrays;

/**
 * Walks over the properties of a content header once, checks that they are well-formed, and remembers where those stand
 * that the way of a publish looks at. Allocates nothing; made to be used again for each message. For one thread.
 *
 * <p>The offsets are indexes into the array that was scanned. It is kept until the next {@link #scan} or {@link #reset}.
 */
public final class PropertyScanner {
    private static final int ABSENT = -1;
    private static final byte[] NOTHING = {};

    private byte[] data = NOTHING;
    private int end;
    private int at;

    private int deliveryMode;
    private int priority;
    private int headersPlace;
    private int headersOffset;
    private int headersLength;
    private int replyToOffset;
    private int replyToLength;
    private int expirationOffset;
    private int expirationLength;
    private int userIdOffset;
    private int userIdLength;

    /** A scanner that answers as if it had scanned no properties. */
    public PropertyScanner() {
        reset();
    }

    /** Forgets the last message. */
    public void reset() {
        data = NOTHING;
        deliveryMode = 0;
        priority = 0;
        headersOffset = ABSENT;
        headersLength = ABSENT;
        replyToOffset = ABSENT;
        replyToLength = ABSENT;
        expirationOffset = ABSENT;
        expirationLength = ABSENT;
        userIdOffset = ABSENT;
        userIdLength = ABSENT;
    }

    /**
     * Scans properties, beginning with the 16 bits of flags.
     *
     * @throws MalformedPropertiesException if the properties that the flags announce do not fill the range exactly, or
     *     the headers are no table; the scanner then answers as if there were none
     */
    public void scan(byte[] data, int offset, int length) {
        reset();
        this.data = data;
        end = offset + length;
        at = offset + Short.BYTES;
        headersPlace = at;
        if (length < Short.BYTES) {
            throw malformed();
        }
        int flags = TableBytes.getShort(data, offset) & PropertyFlags.ALL;
        if (flags != 0) {
            scanPresent(flags);
        }
        if (at != end) {
            throw malformed();
        }
    }

    private void scanPresent(int flags) {
        if ((flags & PropertyFlags.CONTENT_TYPE) != 0) {
            shortString();
        }
        if ((flags & PropertyFlags.CONTENT_ENCODING) != 0) {
            shortString();
        }
        headersPlace = at;
        if ((flags & PropertyFlags.HEADERS) != 0) {
            headers();
        }
        if ((flags & PropertyFlags.DELIVERY_MODE) != 0) {
            deliveryMode = data[fixed(1)] & 0xFF;
        }
        if ((flags & PropertyFlags.PRIORITY) != 0) {
            priority = data[fixed(1)] & 0xFF;
        }
        if ((flags & PropertyFlags.CORRELATION_ID) != 0) {
            shortString();
        }
        if ((flags & PropertyFlags.REPLY_TO) != 0) {
            replyToOffset = shortString();
            replyToLength = at - replyToOffset;
        }
        if ((flags & PropertyFlags.EXPIRATION) != 0) {
            expirationOffset = shortString();
            expirationLength = at - expirationOffset;
        }
        if ((flags & PropertyFlags.MESSAGE_ID) != 0) {
            shortString();
        }
        if ((flags & PropertyFlags.TIMESTAMP) != 0) {
            fixed(Long.BYTES);
        }
        if ((flags & PropertyFlags.TYPE) != 0) {
            shortString();
        }
        if ((flags & PropertyFlags.USER_ID) != 0) {
            userIdOffset = shortString();
            userIdLength = at - userIdOffset;
        }
        if ((flags & PropertyFlags.APP_ID) != 0) {
            shortString();
        }
        if ((flags & PropertyFlags.CLUSTER_ID) != 0) {
            shortString();
        }
    }

    /** The delivery-mode property as it came, 0 when absent; only 2 means persistent. */
    public int deliveryMode() {
        return deliveryMode;
    }

    /** The priority property, 0 to 255; 0 when absent. */
    public int priority() {
        return priority;
    }

    /** Where the length of the headers stands, or would stand if there were headers. */
    int headersPlace() {
        return headersPlace;
    }

    /** Where the entries of the headers table begin, after its length; -1 without headers. */
    public int headersOffset() {
        return headersOffset;
    }

    /** The length of the headers' entries in bytes; -1 without headers. */
    public int headersLength() {
        return headersLength;
    }

    /** Where the text of reply-to begins; -1 when absent. */
    public int replyToOffset() {
        return replyToOffset;
    }

    /** The length of reply-to in bytes; -1 when absent. */
    public int replyToLength() {
        return replyToLength;
    }

    /** Where the text of expiration begins; -1 when absent. */
    public int expirationOffset() {
        return expirationOffset;
    }

    /** The length of expiration in bytes; -1 when absent. */
    public int expirationLength() {
        return expirationLength;
    }

    /** Where the text of user-id begins; -1 when absent. */
    public int userIdOffset() {
        return userIdOffset;
    }

    /** The length of user-id in bytes; -1 when absent. */
    public int userIdLength() {
        return userIdLength;
    }

    /**
     * Looks for a header in the message that was scanned.
     *
     * @param key the name of the header in bytes
     * @return the offset of the value's type tag in the scanned array, the first if there are several; -1 when absent
     */
    public int findHeader(byte[] key) {
        int entry = headersOffset;
        int headersEnd = headersOffset + headersLength;
        while (headersOffset != ABSENT && entry < headersEnd) {
            int tagAt = entry + 1 + (data[entry] & 0xFF);
            if (Arrays.equals(data, entry + 1, tagAt, key, 0, key.length)) {
                return tagAt;
            }
            entry = TableBytes.skipWellFormed(data, tagAt, headersEnd);
        }
        return ABSENT;
    }

    private void headers() {
        int entries = at + Integer.BYTES;
        int next = TableBytes.skipSized(data, at, end);
        if (next == TableBytes.MALFORMED || !TableBytes.isWellFormed(data, entries, next - entries)) {
            throw malformed();
        }
        headersOffset = entries;
        headersLength = next - entries;
        at = next;
    }

    /** Steps over a shortstr and returns where its text begins. */
    private int shortString() {
        int text = fixed(1) + 1;
        fixed(data[text - 1] & 0xFF);
        return text;
    }

    /** Steps over so many bytes and returns where they begin. */
    private int fixed(int size) {
        int from = at;
        if (end - from < size) {
            throw malformed();
        }
        at = from + size;
        return from;
    }

    private MalformedPropertiesException malformed() {
        reset();
        return new MalformedPropertiesException("malformed properties in content header");
    }
}
