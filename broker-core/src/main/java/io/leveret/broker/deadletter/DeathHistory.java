package io.leveret.broker.deadletter;

import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.text.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The value of a header {@code x-death} that this broker wrote: one table for each queue and reason, the newest death
 * first. Read and continued as bytes, because a message may have died in thousands of queues. Immutable.
 *
 * <p>The fields of a table have RabbitMQ's order (mc_amqpl:death_table): original-expiration if there was one, count,
 * reason, queue, time, exchange, routing-keys.
 */
final class DeathHistory {
    /** Of a message that has not died yet. */
    static final DeathHistory NONE = new DeathHistory(new byte[0], 0, 0);

    private static final byte[] EXPIRATION = field("original-expiration", 'S');
    private static final byte[] COUNT = field("count", 'l');
    private static final byte[] REASON = field("reason", 'S');
    private static final byte[] QUEUE = field("queue", 'S');
    private static final byte[] TIME = field("time", 'T');
    private static final byte[] EXCHANGE = field("exchange", 'S');
    private static final byte[] ROUTING_KEYS = field("routing-keys", 'A');

    /** A type tag and a 32-bit length. */
    private static final int PREFIX = 1 + Integer.BYTES;

    private static final byte[] REJECTED = ascii(DeathReason.REJECTED.text());

    private final byte[] data;
    private final int offset;
    private final int end;

    private DeathHistory(byte[] data, int offset, int end) {
        this.data = data;
        this.offset = offset;
        this.end = end;
    }

    /** The history whose value stands in an array, beginning with its type tag. The array is not copied. */
    static DeathHistory read(byte[] data, int tagAt) {
        int offset = tagAt + PREFIX;
        return new DeathHistory(data, offset, offset + ByteBuffer.wrap(data).getInt(tagAt + 1));
    }

    /**
     * This history with one death more. One in a queue and for a reason that are known counts there, and that table
     * becomes the first; nothing else in it changes.
     */
    DeathHistory with(Death death) {
        byte[] reason = ascii(death.reason().text());
        ByteBuffer in = ByteBuffer.wrap(data);
        for (int at = offset; at < end; at = after(in, at)) {
            if (isOf(in, at, death.queue(), reason)) {
                return repeated(in, at);
            }
        }
        int size = sizeOf(death, reason);
        byte[] value = new byte[PREFIX + PREFIX + size + end - offset];
        ByteBuffer out = begin(value);
        write(death, reason, size, out);
        out.put(data, offset, end - offset);
        return new DeathHistory(value, PREFIX, value.length);
    }

    private DeathHistory repeated(ByteBuffer in, int at) {
        int after = after(in, at);
        byte[] value = new byte[PREFIX + end - offset];
        ByteBuffer out = begin(value);
        int countAt = out.position() + countAt(in, at) - at;
        out.put(data, at, after - at);
        out.putLong(countAt, out.getLong(countAt) + 1);
        out.put(data, offset, at - offset);
        out.put(data, after, end - after);
        return new DeathHistory(value, PREFIX, value.length);
    }

    private static ByteBuffer begin(byte[] value) {
        return ByteBuffer.wrap(value).put((byte) 'A').putInt(value.length - PREFIX);
    }

    /** The value of the header, with its type tag; not to be written to. Only for a history that has just been made. */
    byte[] encoded() {
        if (offset != PREFIX || end != data.length) {
            throw new IllegalStateException("a history that was read is still part of its message");
        }
        return data;
    }

    /**
     * The queues that would close a cycle without a client in it: those that the message died in, none of its deaths
     * since then, that one included, being a rejection.
     */
    Set<String> queuesSinceRejection() {
        Set<String> queues = new HashSet<>();
        ByteBuffer in = ByteBuffer.wrap(data);
        for (int at = offset; at < end; at = after(in, at)) {
            int reasonAt = reasonAt(in, at);
            int queueAt = reasonAt + Integer.BYTES + in.getInt(reasonAt) + QUEUE.length;
            if (Arrays.equals(REJECTED, 0, REJECTED.length, data, reasonAt + Integer.BYTES, queueAt - QUEUE.length)) {
                break;
            }
            queues.add(Utf8.decode(data, queueAt + Integer.BYTES, in.getInt(queueAt)));
        }
        return queues;
    }

    // ---- where things stand in a table that begins with its tag at an offset

    private static int after(ByteBuffer in, int at) {
        return at + PREFIX + in.getInt(at + 1);
    }

    private static int countAt(ByteBuffer in, int at) {
        int field = at + PREFIX;
        if (in.get(field) == EXPIRATION[0]) {
            field += EXPIRATION.length + Integer.BYTES + in.getInt(field + EXPIRATION.length);
        }
        return field + COUNT.length;
    }

    /** Where the length of the reason stands. */
    private static int reasonAt(ByteBuffer in, int at) {
        return countAt(in, at) + Long.BYTES + REASON.length;
    }

    private boolean isOf(ByteBuffer in, int at, byte[] queue, byte[] reason) {
        int reasonAt = reasonAt(in, at);
        int queueAt = reasonAt + Integer.BYTES + in.getInt(reasonAt) + QUEUE.length;
        return isText(in, reasonAt, reason) && isText(in, queueAt, queue);
    }

    private boolean isText(ByteBuffer in, int at, byte[] text) {
        int from = at + Integer.BYTES;
        return in.getInt(at) == text.length && Arrays.equals(data, from, from + text.length, text, 0, text.length);
    }

    // ---- writing a table

    private static int sizeOf(Death death, byte[] reason) {
        int size = COUNT.length + Long.BYTES + REASON.length + sizeOf(reason) + QUEUE.length + sizeOf(death.queue());
        size += TIME.length + Long.BYTES + EXCHANGE.length + sizeOf(death.exchange());
        size += ROUTING_KEYS.length + Integer.BYTES + sizeOf(death.routingKeys());
        return death.expiration() < 0 ? size : size + EXPIRATION.length + sizeOf(expiration(death));
    }

    private static int sizeOf(byte[] text) {
        return Integer.BYTES + text.length;
    }

    private static int sizeOf(List<byte[]> keys) {
        int size = 0;
        for (byte[] key : keys) {
            size += 1 + sizeOf(key);
        }
        return size;
    }

    private static void write(Death death, byte[] reason, int size, ByteBuffer out) {
        out.put((byte) 'F').putInt(size);
        if (death.expiration() >= 0) {
            text(EXPIRATION, expiration(death), out);
        }
        out.put(COUNT).putLong(1);
        text(REASON, reason, out);
        text(QUEUE, death.queue(), out);
        out.put(TIME).putLong(death.seconds());
        text(EXCHANGE, death.exchange(), out);
        out.put(ROUTING_KEYS).putInt(sizeOf(death.routingKeys()));
        for (byte[] key : death.routingKeys()) {
            out.put((byte) 'S').putInt(key.length).put(key);
        }
    }

    private static void text(byte[] field, byte[] text, ByteBuffer out) {
        out.put(field).putInt(text.length).put(text);
    }

    private static byte[] expiration(Death death) {
        return ascii(Long.toString(death.expiration()));
    }

    /** The name of a field as {@code shortstr}, with the tag of its value. */
    private static byte[] field(String name, char tag) {
        return ascii((char) name.length() + name + tag);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
