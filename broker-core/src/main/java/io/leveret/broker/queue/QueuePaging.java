package io.leveret.broker.queue;

import io.leveret.broker.journal.BlockRead;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.journal.LoopPaging;
import io.leveret.broker.journal.Pageable;
import io.leveret.broker.journal.Place;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.message.Message;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the backlog of a queue needs to leave the memory and to come back: where it is on disk, who reads it, and what it
 * takes meanwhile. Owned by the queue's loop.
 */
final class QueuePaging implements Pageable {
    private static final Logger log = LoggerFactory.getLogger(QueuePaging.class);

    private final Backlog backlog;
    private final QueueRef queue;
    private final LoopJournal journal;
    private final LoopPaging loop;
    private final HeldBytes held;
    private final Runnable whenRead;
    private long indexBytes;
    private boolean watched;
    private boolean waitsForRoom;
    private boolean waitsForOne;

    /** @param whenRead called when something is back, and when there is room again that was waited for */
    QueuePaging(Backlog backlog, QueueRef queue, LoopJournal journal, HeldBytes held, Runnable whenRead) {
        this.backlog = backlog;
        this.queue = queue;
        this.journal = journal;
        this.loop = journal.paging();
        this.held = held;
        this.whenRead = whenRead;
    }

    boolean isUnderPressure() {
        return loop.pressure() != Pressure.NONE;
    }

    /** Whether there is room for messages that are not settled soon. */
    boolean hasRoom() {
        return !loop.isFull();
    }

    /** Whether there is room for what is settled soon. */
    boolean hasRoomForOne() {
        return !loop.isCrammed();
    }

    /** Has the queue go on when there is room. */
    void waitForRoom() {
        waitsForRoom = true;
    }

    /** Has the queue go on when there is room for what is settled soon. */
    void waitForOne() {
        waitsForOne = true;
    }

    /** There may be something to let go from now on. */
    void watch() {
        if (!watched) {
            watched = true;
            loop.watch(this);
        }
    }

    @Override
    public boolean letGo(Pressure pressure) {
        if ((waitsForRoom && hasRoom()) || (waitsForOne && hasRoomForOne())) {
            waitsForRoom = false;
            waitsForOne = false;
            whenRead.run();
        }
        backlog.letGo(pressure);
        watched = !backlog.isEmpty();
        return watched;
    }

    boolean isStored(long place) {
        return place != Message.NOWHERE && journal.isStored(place);
    }

    /** Whether as much is on its way to the disk as should be. */
    boolean isWritingEnough() {
        return journal.isCongested();
    }

    /** A message that will be on disk, if only for as long as the process lives. */
    Message written(Message message) {
        return message.place() != Message.NOWHERE
                ? message
                : journal.append(queue.id(), message, message.deadlineMillis(), false, null, 0);
    }

    BlockRead read(long[] places, int from, int to, Consumer<BlockRead> then) {
        return loop.read(places, from, to, then);
    }

    /** What will take so much in memory is on its way back, which counts as if it were there; or it is no more, if negative. */
    void countReading(long bytes) {
        held.add(bytes);
    }

    /**
     * Messages are on disk alone.
     *
     * @param bytes what they took
     * @param index what it takes to know where they are
     */
    void pagedOut(long bytes, long index) {
        backlog.countMemory(-bytes);
        held.add(-bytes);
        count(index);
    }

    /** Messages are back, or gone. */
    void pagedIn(long bytes, long index) {
        backlog.countMemory(bytes);
        held.add(bytes);
        count(-index);
    }

    /** Nothing is on disk alone any more. */
    void clear() {
        count(-indexBytes);
        waitsForRoom = false;
        waitsForOne = false;
    }

    private void count(long index) {
        indexBytes += index;
        held.addOnDisk(index);
    }

    /** A message that was on disk alone can't be read. */
    void lost(long place, int bodyLength) {
        log.error(
                "message is damaged and lost queue={} vhost={} segment={} slot={}",
                queue.name(),
                queue.vhost(),
                Place.segment(place),
                Place.slot(place));
        backlog.lose(bodyLength);
        journal.settle(place);
    }

    /** Something is back. */
    void arrived() {
        backlog.arrived();
        whenRead.run();
    }
}
