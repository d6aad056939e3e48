package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.message.FieldTable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids of rows: the first half of the SHA-256 of the key of a definition. Keys themselves may be too long to be indexed.
 */
final class RowIds {
    /** Of a row that is yet to be read. */
    static final UUID NONE = new UUID(0, 0);

    private RowIds() {}

    static UUID of(Definition definition) {
        MessageDigest digest = sha256();
        for (Object part : definition.key()) {
            byte[] bytes = bytes(part);
            // with its length, or else ("ab", "c") would be ("a", "bc")
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static byte[] bytes(Object part) {
        if (part instanceof String text) {
            // UTF-16, since lone surrogates have no UTF-8
            ByteBuffer bytes = ByteBuffer.allocate(text.length() * Character.BYTES);
            bytes.asCharBuffer().put(text);
            return bytes.array();
        } else if (part instanceof FieldTable table) {
            return StoredTable.canonical(table);
        } else if (part instanceof Boolean flag) {
            return new byte[] {(byte) (flag ? 1 : 0)};
        }
        throw new IllegalArgumentException("unknown part of a key: " + part.getClass());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
