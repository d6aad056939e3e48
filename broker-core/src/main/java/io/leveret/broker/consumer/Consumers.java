package io.leveret.broker.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one queue in the order they are served: higher {@code x-priority} first, within a priority round robin
 * among those that can take a message. Owned by the queue's loop.
 *
 * <p>A consumer that turns out to be full leaves the rotation when its turn comes and re-enters at the tail through
 * {@link #wake} when it may take more, so finding the next one is O(1) however many are full.
 *
 * <p>With a single active consumer only that one is ever in the rotation. It stays until it ends, whatever the priority of
 * those that come later; then the others follow by priority and, among equals, in the order they came.
 */
public final class Consumers {
    private final Set<Consumer> all = new LinkedHashSet<>();
    private final List<Level> levels = new ArrayList<>(1);
    private final boolean singleActive;
    /** The single active consumer; one that has ended stays here until what it held is back. */
    private @Nullable Consumer active;

    private int exclusive;

    /** Consumers that are all served. */
    public Consumers() {
        this(false);
    }

    /** @param singleActive whether only one of them is served at a time */
    public Consumers(boolean singleActive) {
        this.singleActive = singleActive;
    }

    /** The consumers of one priority that wait for their turn. */
    private static final class Level {
        final int priority;
        final ArrayDeque<Consumer> rotation = new ArrayDeque<>(4);
        int members;

        Level(int priority) {
            this.priority = priority;
        }
    }

    public int size() {
        return all.size();
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public boolean hasExclusive() {
        return exclusive > 0;
    }

    /** Whether exclusive use, be it that of another consumer or what this one asks for, keeps it out. */
    public boolean keepsOut(Consumer consumer) {
        return hasExclusive() || (consumer.isExclusive() && (singleActive || !isEmpty()));
    }

    public void add(Consumer consumer) {
        all.add(consumer);
        if (singleActive) {
            if (active == null) {
                active = consumer;
            } else {
                consumer.setActive(false);
            }
        }
        if (consumer.isExclusive()) {
            exclusive++;
        }
        level(consumer.priority()).members++;
        wake(consumer);
    }

    /**
     * Takes a consumer out. If it was the single active one, nobody takes its place before {@link #release}.
     *
     * @return whether it was there
     */
    public boolean remove(Consumer consumer) {
        if (!all.remove(consumer)) {
            return false;
        }
        consumer.markGone();
        if (consumer.isExclusive()) {
            exclusive--;
        }
        Level level = level(consumer.priority());
        if (consumer.isInRotation()) {
            level.rotation.remove(consumer);
            consumer.inRotation(false);
        }
        if (--level.members == 0) {
            levels.remove(level);
        }
        return true;
    }

    /**
     * Whatever a consumer that was taken out had been given and has not kept is back: if it was the single active one, the
     * next becomes it.
     */
    public void release(Consumer consumer) {
        if (active != consumer || all.contains(consumer)) {
            return;
        }
        active = successor();
        if (active != null) {
            active.setActive(true);
            wake(active);
        }
    }

    /** Of the highest priority the one that came first. */
    private @Nullable Consumer successor() {
        Consumer best = null;
        for (Consumer each : all) {
            if (best == null || each.priority() > best.priority()) {
                best = each;
            }
        }
        return best;
    }

    /** Takes all out and tells each that its queue is gone. */
    public void cancelAll() {
        List<Consumer> gone = List.copyOf(all);
        all.clear();
        levels.clear();
        active = null;
        exclusive = 0;
        for (Consumer consumer : gone) {
            consumer.inRotation(false);
            consumer.cancel();
        }
    }

    /** Puts a consumer that may have become ready at the tail of its rotation. */
    public void wake(Consumer consumer) {
        if (!consumer.isInRotation() && consumer.isReady()) {
            consumer.inRotation(true);
            level(consumer.priority()).rotation.addLast(consumer);
        }
    }

    /** The consumer whose turn it is, now at the tail; null when none can take a message. */
    public @Nullable Consumer next() {
        for (int i = 0; i < levels.size(); i++) {
            ArrayDeque<Consumer> rotation = levels.get(i).rotation;
            Consumer consumer;
            while ((consumer = rotation.pollFirst()) != null) {
                if (consumer.isReady()) {
                    rotation.addLast(consumer);
                    return consumer;
                }
                consumer.inRotation(false);
            }
        }
        return null;
    }

    private Level level(int priority) {
        int i = 0;
        while (i < levels.size() && levels.get(i).priority > priority) {
            i++;
        }
        if (i < levels.size() && levels.get(i).priority == priority) {
            return levels.get(i);
        }
        Level level = new Level(priority);
        levels.add(i, level);
        return level;
    }
}
