package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as bytes that outlive the process: marks, where properties and body begin, the keys that stood in BCC, then the
 * message as it came in. What one queue knows about it is not part of it.
 */
public final class MessageRecord {
    private static final int FIXED_BYTES = 2 + 2 + 4 + 4;

    private MessageRecord() {}

    /** How many bytes a message takes. */
    public static int length(Message message) {
        int length = FIXED_BYTES + message.data().length;
        List<String> keys = message.bccKeys();
        if (keys != null) {
            for (String key : keys) {
                length += Integer.BYTES + Utf8.encode(key).length;
            }
        }
        return length;
    }

    /** Writes as many bytes as {@link #length} says. */
    public static void write(Message message, ByteBuffer to) {
        List<String> keys = message.bccKeys();
        to.putShort((short) message.marks());
        to.putShort((short) message.propertiesOffset());
        to.putInt(message.bodyOffset());
        to.putInt(keys == null ? 0 : keys.size());
        if (keys != null) {
            for (String key : keys) {
                byte[] bytes = Utf8.encode(key);
                to.putInt(bytes.length);
                to.put(bytes);
            }
        }
        to.put(message.data());
    }

    /** Reads what {@link #write} has written, which takes all that remains. */
    public static Message read(ByteBuffer from) {
        int marks = from.getShort() & 0xFFFF;
        int propertiesOffset = from.getShort() & 0xFFFF;
        int bodyOffset = from.getInt();
        List<String> keys = readKeys(from, from.getInt());
        byte[] data = new byte[from.remaining()];
        from.get(data);
        return Message.restored(data, propertiesOffset, bodyOffset, marks, keys);
    }

    private static @Nullable List<String> readKeys(ByteBuffer from, int count) {
        if (count == 0) {
            return null;
        }
        List<String> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[from.getInt()];
            from.get(bytes);
            keys.add(Utf8.decode(bytes, 0, bytes.length));
        }
        return List.copyOf(keys);
    }
}
