package io.leveret.broker.journal;

/** Something that keeps messages in memory that could be on disk alone. */
public interface Pageable {

    /**
     * Lets go of some of what is on disk, and has written what is not. On the loop it belongs to.
     *
     * @param pressure how badly memory is needed
     * @return whether there is anything that may have to be let go later
     */
    boolean letGo(Pressure pressure);

    /** How badly memory is needed. */
    enum Pressure {
        /** There is enough. */
        NONE,
        /** Only what is wanted next should be in memory. */
        SOME,
        /** What nobody takes should not be in memory at all. */
        MUCH
    }
}
