package io.leveret.broker.exchange;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list without repetitions, by identity, that is filled and cleared over and over and takes new memory only when it
 * is longer than ever before. Of one thread.
 */
final class IdentityList<E> {
    private static final int LARGEST_SEARCHED = 16;

    private @Nullable Object[] elements = new @Nullable Object[8];
    private int size;
    /** Positions plus one by hash, 0 for an empty slot; in use only above {@link #LARGEST_SEARCHED} elements. */
    private int[] positions = new int[0];

    boolean add(E element) {
        if (contains(element)) {
            return false;
        }
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, size * 2);
        }
        elements[size++] = element;
        if (size > LARGEST_SEARCHED) {
            index();
        }
        return true;
    }

    private boolean contains(E element) {
        if (size > LARGEST_SEARCHED) {
            return positions[slotOf(element)] != 0;
        }
        for (int i = 0; i < size; i++) {
            if (elements[i] == element) {
                return true;
            }
        }
        return false;
    }

    /** Enters the last element, or all when the index has been unused or too small. */
    private void index() {
        if (size > LARGEST_SEARCHED + 1 && size * 2 <= positions.length) {
            enter(size - 1);
            return;
        }
        if (size * 2 > positions.length) {
            positions = new int[Integer.highestOneBit(size) * 4];
        }
        for (int i = 0; i < size; i++) {
            enter(i);
        }
    }

    private void enter(int position) {
        positions[slotOf(Objects.requireNonNull(elements[position]))] = position + 1;
    }

    /** The slot with the element, or the empty slot where it would be. */
    private int slotOf(Object element) {
        int mask = positions.length - 1;
        int slot = (System.identityHashCode(element) * 0x9E3779B9) >>> 7 & mask;
        while (positions[slot] != 0 && elements[positions[slot] - 1] != element) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    E get(int index) {
        return (E) Objects.requireNonNull(elements[Objects.checkIndex(index, size)]);
    }

    void clear() {
        if (size > LARGEST_SEARCHED) {
            // backwards, so that what is left can be found as it could when it was entered
            for (int i = size - 1; i >= 0; i--) {
                positions[slotOf(Objects.requireNonNull(elements[i]))] = 0;
            }
        }
        Arrays.fill(elements, 0, size, null);
        size = 0;
    }
}
