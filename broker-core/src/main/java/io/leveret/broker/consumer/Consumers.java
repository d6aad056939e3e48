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
 */
public final class Consumers {
    private final Set<Consumer> all = new LinkedHashSet<>();
    private final List<Level> levels = new ArrayList<>(1);
    private int exclusive;

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

    public void add(Consumer consumer) {
        all.add(consumer);
        if (consumer.isExclusive()) {
            exclusive++;
        }
        level(consumer.priority()).members++;
        wake(consumer);
    }

    /** Takes a consumer out; returns whether it was there. */
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

    /** Takes all out and tells each that its queue is gone. */
    public void cancelAll() {
        List<Consumer> gone = List.copyOf(all);
        all.clear();
        levels.clear();
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
