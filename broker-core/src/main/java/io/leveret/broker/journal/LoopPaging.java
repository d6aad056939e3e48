package io.leveret.broker.journal;

import io.leveret.broker.journal.Pageable.Pressure;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What is in memory of the queues of one loop although it is on disk: says when that should be less, goes from one to the
 * other then, and has messages read back. Owned by that loop; nothing here blocks.
 */
public final class LoopPaging {
    /** How long to wait from one round to the next. */
    public static final long INTERVAL_MILLIS = 1_000;

    /** The same when memory is needed. */
    public static final long INTERVAL_UNDER_PRESSURE_MILLIS = 100;

    /** How long the loop may be busy with it at a stretch, at a few microseconds for each. */
    private static final int MOST_IN_A_TURN = 64;

    private final EventLoop loop;
    private final MemoryInUse memory;
    private final SegmentReader reader;
    private final ArrayDeque<Pageable> resident = new ArrayDeque<>();
    private boolean planned;
    private int leftInRound;

    LoopPaging(EventLoop loop, MemoryInUse memory, SegmentReader reader) {
        this.loop = loop;
        this.memory = memory;
        this.reader = reader;
    }

    /** How badly memory is needed now; costs a look at each loop. */
    public Pressure pressure() {
        return memory.isMuchAbovePaging() ? Pressure.MUCH : memory.isAbovePaging() ? Pressure.SOME : Pressure.NONE;
    }

    /** Whether nothing should be read back that is not settled soon. */
    public boolean isFull() {
        return memory.isFull();
    }

    /** Whether nothing should be read back at all. */
    public boolean isCrammed() {
        return memory.isCrammed();
    }

    /** Counts a change of what it takes in memory to write. */
    void countWriting(long change) {
        memory.of(loop).addWriting(change);
    }

    /** Takes note of something that has messages in memory; it is asked to let them go until it says that it has none. */
    public void watch(Pageable pageable) {
        resident.add(pageable);
        plan();
    }

    /**
     * Has messages read back. The store may be away for any time, and so may be the answer.
     *
     * @param places not to be changed any more
     * @param from the index of the first that is wanted
     * @param to the index behind the last that is wanted
     * @param whenRead called on this loop, later
     */
    public BlockRead read(long[] places, int from, int to, Consumer<BlockRead> whenRead) {
        BlockRead read = new BlockRead(loop, places, from, to, whenRead);
        reader.read(read);
        return read;
    }

    private void plan() {
        if (!planned && !resident.isEmpty()) {
            planned = true;
            boolean needed = pressure() != Pressure.NONE;
            loop.scheduleUpkeep(this::beginRound, needed ? INTERVAL_UNDER_PRESSURE_MILLIS : INTERVAL_MILLIS);
        }
    }

    private void beginRound() {
        leftInRound = resident.size();
        goOn();
    }

    private void goOn() {
        Pressure pressure = pressure();
        for (int i = Math.min(leftInRound, MOST_IN_A_TURN); i > 0; i--) {
            Pageable next = resident.remove();
            if (next.letGo(pressure)) {
                resident.add(next);
            }
            leftInRound--;
        }
        if (leftInRound > 0) {
            loop.execute(this::goOn);
        } else {
            planned = false;
            plan();
        }
    }
}
