package io.leveret.broker.exchange;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set that remembers how often each element was added, changed by one thread and walked by any, without locks.
 *
 * <p>A linked list that grows at its head: an entry that was taken out keeps its link, so a reader standing on it goes
 * on to the rest. Elements that stay are therefore never missed, and adding or removing costs the same however large
 * the set is; the index that makes it so exists only in sets where a search would be long.
 */
final class CountedSet<E> {
    private static final int LARGEST_WITHOUT_INDEX = 16;

    private volatile @Nullable Entry<E> first;
    private int size;
    private @Nullable Map<E, Entry<E>> index;

    /** Adds an element once more. Writer only. */
    void add(E element) {
        Entry<E> known = find(element);
        if (known != null) {
            known.count++;
            return;
        }
        Entry<E> oldFirst = first;
        Entry<E> entry = new Entry<>(element, oldFirst);
        if (oldFirst != null) {
            oldFirst.previous = entry;
        }
        first = entry;
        size++;
        if (index != null) {
            index.put(element, entry);
        } else if (size > LARGEST_WITHOUT_INDEX) {
            index = indexOfAll();
        }
    }

    /** Takes back one addition; the element leaves the set with the last. Writer only. */
    void remove(E element) {
        Entry<E> entry = find(element);
        if (entry == null || --entry.count > 0) {
            return;
        }
        Entry<E> next = entry.next;
        if (next != null) {
            next.previous = entry.previous;
        }
        if (entry.previous != null) {
            entry.previous.next = next;
        } else {
            first = next;
        }
        size--;
        if (index != null) {
            index.remove(element);
            if (size == 0) {
                index = null;
            }
        }
    }

    /** The first entry, from which a reader walks on; null if the set is empty. Any thread. */
    @Nullable Entry<E> first() {
        return first;
    }

    boolean isEmpty() {
        return first == null;
    }

    private @Nullable Entry<E> find(E element) {
        if (index != null) {
            return index.get(element);
        }
        Entry<E> entry = first;
        while (entry != null && !entry.element.equals(element)) {
            entry = entry.next;
        }
        return entry;
    }

    private Map<E, Entry<E>> indexOfAll() {
        Map<E, Entry<E>> all = new HashMap<>();
        for (Entry<E> entry = first; entry != null; entry = entry.next) {
            all.put(entry.element, entry);
        }
        return all;
    }

    /** One element and the way to the next. */
    static final class Entry<E> {
        private final E element;
        private volatile @Nullable Entry<E> next;
        private @Nullable Entry<E> previous;
        private int count = 1;

        Entry(E element, @Nullable Entry<E> next) {
            this.element = element;
            this.next = next;
        }

        E element() {
            return element;
        }

        @Nullable Entry<E> next() {
            return next;
        }
    }
}
