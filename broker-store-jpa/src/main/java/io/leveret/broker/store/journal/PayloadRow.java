package io.leveret.broker.store.journal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Arrays;

/**
 * A part of the payload of a segment; H2 takes up to 1 MB in a row. The last row of each payload is empty: H2 keeps what
 * follows upon one another together, and writes a row again when another one comes beside it; so it is this one that it
 * writes again, not a large one. The key is one number, because H2 has the rows themselves in the order of such a key, and an
 * index beside them for any other.
 */
@Entity
@Table(name = "broker_journal_payload")
public final class PayloadRow {
    /** Less than half a megabyte: what is larger may take twice the room in a small heap of G1. */
    static final int PART_BYTES = 500 * 1024;

    private static final int PART_BITS = 12;

    @Id
    private long id;

    @Column(name = "bytes", nullable = false, length = 1 << 20)
    private byte[] bytes;

    /** For Hibernate, which sets the fields. */
    PayloadRow() {
        bytes = new byte[0];
    }

    private PayloadRow(long id, byte[] bytes) {
        this.id = id;
        this.bytes = bytes;
    }

    /** How many rows a payload takes. */
    public static int count(byte[] payload) {
        return (payload.length + PART_BYTES - 1) / PART_BYTES + 1;
    }

    /**
     * One of the rows for a payload, which may hold on to the array.
     *
     * @param index below {@link #count}
     */
    public static PayloadRow of(long segment, byte[] payload, int index) {
        int start = Math.min(payload.length, index * PART_BYTES);
        int end = Math.min(payload.length, start + PART_BYTES);
        boolean whole = end - start == payload.length;
        return new PayloadRow(first(segment) + index, whole ? payload : Arrays.copyOfRange(payload, start, end));
    }

    /** The least id that a row of a segment has. */
    public static long first(long segment) {
        return segment << PART_BITS;
    }

    /** The greatest id that a row of a segment has. */
    public static long last(long segment) {
        return (segment << PART_BITS) + (1 << PART_BITS) - 1;
    }

    public byte[] bytes() {
        return bytes;
    }
}
