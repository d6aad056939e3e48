package io.leveret.broker.exchange.delayed;

import io.leveret.broker.message.Message;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the order of the time at which they are due, and in the order they came where that is the same. A heap in
 * three arrays, so that a waiting message costs {@value #BYTES_PER_MESSAGE} bytes beside itself. For one thread.
 */
final class DueQueue {
    /** Two longs and a reference, in arrays that are three quarters full on average. */
    static final int BYTES_PER_MESSAGE = 32;

    private static final int SMALLEST = 16;
    private static final int BRANCHES = 4;

    private long[] dueMillis = new long[SMALLEST];
    private long[] numbers = new long[SMALLEST];
    private @Nullable Message[] messages = new @Nullable Message[SMALLEST];
    private int size;
    private long next;

    int size() {
        return size;
    }

    /** When the first is due; {@link Long#MAX_VALUE} if there is none. */
    long firstDueMillis() {
        return size == 0 ? Long.MAX_VALUE : dueMillis[0];
    }

    void add(Message message, long due) {
        if (size == messages.length) {
            resize(size * 2);
        }
        moveUp(size++, message, due, next++);
    }

    /** Takes out the first if it is due at that time. */
    @Nullable Message poll(long nowMillis) {
        if (size == 0 || dueMillis[0] > nowMillis) {
            return null;
        }
        Message first = messages[0];
        size--;
        Message last = messages[size];
        messages[size] = null;
        if (size > 0) {
            moveDown(last, dueMillis[size], numbers[size]);
        }
        if (size < messages.length / 4 && messages.length > SMALLEST) {
            resize(messages.length / 2);
        }
        return first;
    }

    /** Shows all messages, in no particular order. */
    void forEach(Consumer<Message> visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(Objects.requireNonNull(messages[i]));
        }
    }

    /** Forgets all messages and returns the memory they took, in bytes. */
    long removeAll() {
        long bytes = 0;
        for (int i = 0; i < size; i++) {
            bytes += memoryBytes(Objects.requireNonNull(messages[i]));
        }
        size = 0;
        Arrays.fill(messages, null);
        resize(SMALLEST);
        return bytes;
    }

    /** What a message takes in memory while it waits. */
    static long memoryBytes(Message message) {
        return (long) message.memoryBytes() + BYTES_PER_MESSAGE;
    }

    private void moveUp(int from, Message message, long due, long number) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / BRANCHES;
            if (!isBefore(due, number, parent)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, message, due, number);
    }

    private void moveDown(@Nullable Message message, long due, long number) {
        int at = 0;
        while (true) {
            int child = firstChild(at);
            if (child < 0 || isBefore(due, number, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, message, due, number);
    }

    /** The child that is due first, -1 if there is none. */
    private int firstChild(int parent) {
        int child = parent * BRANCHES + 1;
        if (child >= size) {
            return -1;
        }
        int end = Math.min(child + BRANCHES, size);
        int first = child;
        for (int each = child + 1; each < end; each++) {
            if (isBefore(dueMillis[each], numbers[each], first)) {
                first = each;
            }
        }
        return first;
    }

    private boolean isBefore(long due, long number, int other) {
        return due != dueMillis[other] ? due < dueMillis[other] : number < numbers[other];
    }

    private void move(int from, int to) {
        put(to, messages[from], dueMillis[from], numbers[from]);
    }

    private void put(int at, @Nullable Message message, long due, long number) {
        messages[at] = message;
        dueMillis[at] = due;
        numbers[at] = number;
    }

    private void resize(int capacity) {
        dueMillis = Arrays.copyOf(dueMillis, capacity);
        numbers = Arrays.copyOf(numbers, capacity);
        messages = Arrays.copyOf(messages, capacity);
    }
}
