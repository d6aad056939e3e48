package io.leveret.broker.journal;

import org.jspecify.annotations.Nullable;

/**
 * Where the segments of the journal are kept. What is in them is the journal's business; to the store they are bytes.
 *
 * <p>{@link #commit} is called by one thread, {@link #read} by others at the same time, none of them an event loop; all
 * methods may block.
 */
public interface MessageJournal extends AutoCloseable {

    /**
     * Shows what was settled, of all segments in ascending order of their ids; entries and payloads are not read. Before
     * anything is committed.
     */
    void loadSettlements(SettlementsVisitor visitor);

    /**
     * Shows the entries of all segments in ascending order of their ids; payloads are not read. Before anything is
     * committed.
     */
    void loadEntries(EntriesVisitor visitor);

    /**
     * Makes changes, all or none. When it returns they are on disk, synced: neither the end of the process nor a loss of
     * power undoes them.
     *
     * <p>When it throws, nothing is known about them, and the same changes may be tried again, with the same ids: whatever
     * is there of them is replaced.
     *
     * @throws UnsyncedCommitException if they were made and could not be synced
     * @throws JournalException if they could not be made, for instance because the database can't be reached or is full
     */
    void commit(JournalChanges changes);

    /**
     * Reads a segment whole.
     *
     * @return null when there is none with that id
     * @throws JournalException if it can't be read now
     */
    @Nullable JournalSegment read(long id);

    @Override
    void close();

    /** Takes what was settled. */
    interface SettlementsVisitor {
        /**
         * @param settlements see {@link JournalSegment#settlements}
         * @param dead the last that was said about this segment, see {@link JournalChanges.DeadSlots}; empty for nothing
         */
        void segment(long id, byte[] settlements, byte[] dead);
    }

    /** Takes entries. */
    interface EntriesVisitor {
        /** @param entries see {@link JournalSegment#entries} */
        void segment(long id, byte[] entries);
    }
}
