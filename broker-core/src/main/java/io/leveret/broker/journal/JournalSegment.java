package io.leveret.broker.journal;

/**
 * A piece of the journal as it is kept: one row. Each of the three parts carries its own checksum.
 *
 * @param id greater than those of all segments before it
 * @param entries what was enqueued where, without what it was
 * @param settlements which entries, mostly of earlier segments, are over
 * @param payload the messages that the entries refer to; up to about {@value #PAYLOAD_BYTES} bytes, or one larger message
 */
public record JournalSegment(long id, byte[] entries, byte[] settlements, byte[] payload) {
    /** How much payload a segment gathers before it is complete. */
    public static final int PAYLOAD_BYTES = 256 * 1024;
}
