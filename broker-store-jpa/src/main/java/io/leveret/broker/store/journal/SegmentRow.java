package io.leveret.broker.store.journal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** What a segment says; the messages are in {@link PayloadRow}s, so that recovery and a change of {@code dead} need not touch them. */
@Entity
@Table(name = "broker_journal_segment")
public final class SegmentRow {
    @Id
    private long id;

    @Column(name = "entries", nullable = false, length = PayloadRow.PART_BYTES)
    private byte[] entries;

    @Column(name = "settlements", nullable = false, length = PayloadRow.PART_BYTES)
    private byte[] settlements;

    @Column(name = "dead", length = PayloadRow.PART_BYTES)
    private byte @Nullable [] dead;

    /** For Hibernate, which sets the fields. */
    SegmentRow() {
        entries = new byte[0];
        settlements = new byte[0];
    }

    public SegmentRow(long id, byte[] entries, byte[] settlements) {
        this.id = id;
        this.entries = entries;
        this.settlements = settlements;
    }

    public long id() {
        return id;
    }

    public byte[] entries() {
        return entries;
    }

    public byte[] settlements() {
        return settlements;
    }

    public byte @Nullable [] dead() {
        return dead;
    }
}
