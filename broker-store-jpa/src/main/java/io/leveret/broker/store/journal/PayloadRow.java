package io.leveret.broker.store.journal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A part of the payload of a segment; H2 takes up to 1 MB in a row. The last row of each payload is empty: H2 keeps what
 * follows upon one another together, and writes a row again when another one comes beside it; so it is this one that it
 * writes again, not a large one. The key is one number, because H2 has the rows themselves in the order of such a key, and an
 * index beside them for any other.
 */
@Entity
@Table(name = "broker_journal_payload")
public final class PayloadRow {
    static final int PART_BYTES = 1 << 20;
    private static final int PART_BITS = 12;

    @Id
    private long id;

    @Column(name = "bytes", nullable = false, length = PART_BYTES)
    private byte[] bytes;

    /** For Hibernate, which sets the fields. */
    PayloadRow() {
        bytes = new byte[0];
    }

    private PayloadRow(long id, byte[] bytes) {
        this.id = id;
        this.bytes = bytes;
    }

    /** The rows for a payload, which may hold on to the array. */
    public static List<PayloadRow> of(long segment, byte[] payload) {
        List<PayloadRow> rows = new ArrayList<>();
        long id = first(segment);
        for (int start = 0; start < payload.length; start += PART_BYTES) {
            int end = Math.min(payload.length, start + PART_BYTES);
            rows.add(new PayloadRow(
                    id++, end - start == payload.length ? payload : Arrays.copyOfRange(payload, start, end)));
        }
        rows.add(new PayloadRow(id, new byte[0]));
        return rows;
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
