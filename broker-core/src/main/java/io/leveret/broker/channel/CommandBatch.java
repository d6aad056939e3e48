package io.leveret.broker.channel;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.PublishResult;
import io.leveret.broker.queue.QueueRef;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Commands of one connection for queues of one other loop, carried out there in order as one task.
 *
 * <p>Owned by the connection's loop while it is filled, then by the queues' loop. If it carried publishes it travels back
 * with their results, which is also what bounds how much a connection may have under way; then it is used again.
 */
final class CommandBatch implements Runnable {
    static final int LIMIT = 1024;
    private static final int INITIAL = 32;

    private static final byte ENQUEUE = 0;
    private static final byte SETTLE = 1;
    private static final byte REJECT = 2;
    private static final byte REQUEUE = 3;
    private static final byte REQUEUE_UNCOUNTED = 4;
    private static final byte REQUEUED = 5;
    private static final byte CREDIT = 6;
    private static final byte CALL = 7;
    private static final byte ACKNOWLEDGE = 8;
    private static final byte ENQUEUE_FOR_GOOD = 9;

    private final ClientConnection connection;
    private final int target;
    private byte[] kinds = new byte[INITIAL];
    private @Nullable QueueRef[] queues = new QueueRef[INITIAL];
    private @Nullable Object[] subjects = new Object[INITIAL];
    private @Nullable Object[] others = new Object[INITIAL];
    private long[] numbers = new long[INITIAL];
    /** Of settled deliveries alone. */
    private long[] bodyBytes = new long[INITIAL];

    private long[] memoryBytes = new long[INITIAL];
    private int size;
    private int publishes;
    private long bytes;
    private boolean done;
    /** Whether the journal of the queues has more to do than it should. */
    private boolean congested;

    /** @param target the index of the loop it is for */
    CommandBatch(ClientConnection connection, int target) {
        this.connection = connection;
        this.target = target;
    }

    int target() {
        return target;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size >= LIMIT;
    }

    /** The memory that the publishes in it stand for. */
    long bytes() {
        return bytes;
    }

    /** @param channel who wants to know the result, which the queue knows at once; null for nobody */
    void enqueue(QueueRef queue, Message message, @Nullable Channel channel, long tag) {
        add(ENQUEUE, queue, message, channel, tag);
        publishes++;
        bytes += message.memoryBytes();
    }

    /** @param later hears the result if the queue does not know it at once; otherwise its channel does */
    void enqueueForGood(QueueRef queue, Message message, RemoteConfirms later, long tag) {
        add(ENQUEUE_FOR_GOOD, queue, message, later, tag);
        publishes++;
        bytes += message.memoryBytes();
    }

    void settle(QueueRef queue, @Nullable Consumer consumer, int deliveries, long body, long memory) {
        add(SETTLE, queue, consumer, null, deliveries);
        bodyBytes[size - 1] = body;
        memoryBytes[size - 1] = memory;
    }

    void acknowledge(QueueRef queue, long place) {
        add(ACKNOWLEDGE, queue, null, null, place);
    }

    void reject(QueueRef queue, @Nullable Consumer consumer, Message message) {
        add(REJECT, queue, consumer, message, 0);
    }

    void requeue(QueueRef queue, @Nullable Consumer consumer, Message message, long position, boolean wasUnacked) {
        add(wasUnacked ? REQUEUE : REQUEUE_UNCOUNTED, queue, consumer, message, position);
    }

    void requeued(QueueRef queue) {
        add(REQUEUED, queue, null, null, 0);
    }

    void credit(QueueRef queue, Consumer consumer, int messages) {
        add(CREDIT, queue, consumer, null, messages);
    }

    void call(Runnable work) {
        add(CALL, null, work, null, 0);
    }

    private void add(
            byte kind, @Nullable QueueRef queue, @Nullable Object subject, @Nullable Object other, long number) {
        if (size == kinds.length) {
            int wider = size * 2;
            kinds = Arrays.copyOf(kinds, wider);
            queues = Arrays.copyOf(queues, wider);
            subjects = Arrays.copyOf(subjects, wider);
            others = Arrays.copyOf(others, wider);
            numbers = Arrays.copyOf(numbers, wider);
            bodyBytes = Arrays.copyOf(bodyBytes, wider);
            memoryBytes = Arrays.copyOf(memoryBytes, wider);
        }
        kinds[size] = kind;
        queues[size] = queue;
        subjects[size] = subject;
        others[size] = other;
        numbers[size] = number;
        size++;
    }

    @Override
    public void run() {
        if (done) {
            report();
        } else {
            LoopJournal busy = carryOut();
            done = true;
            congested = busy != null;
            if (publishes > 0) {
                connection.loop().execute(this);
            }
            if (busy != null) {
                ClientConnection waiting = connection;
                busy.onRelief(() -> waiting.loop().execute(waiting::onRelief));
            }
        }
    }

    /** Returns the journal of the loop if who has published should wait for it. */
    @SuppressWarnings("NullAway") // which slots are filled follows from the kind
    private @Nullable LoopJournal carryOut() {
        LoopJournal journal = null;
        boolean stored = false;
        for (int i = 0; i < size; i++) {
            QueueRef queue = queues[i];
            switch (kinds[i]) {
                case ENQUEUE, ENQUEUE_FOR_GOOD -> {
                    EnqueueListener later = kinds[i] == ENQUEUE ? null : (RemoteConfirms) others[i];
                    PublishResult result = queue.owned().onEnqueue((Message) subjects[i], later, numbers[i]);
                    kinds[i] = (byte) result.ordinal();
                    journal = queue.owned().journal();
                    stored |= result == PublishResult.PENDING;
                }
                case SETTLE ->
                    queue.owned().onSettled((Consumer) subjects[i], (int) numbers[i], bodyBytes[i], memoryBytes[i]);
                case REJECT -> queue.owned().onRejected((Consumer) subjects[i], (Message) others[i]);
                case REQUEUE -> queue.owned().onRequeue((Consumer) subjects[i], (Message) others[i], numbers[i], true);
                case REQUEUE_UNCOUNTED ->
                    queue.owned().onRequeue((Consumer) subjects[i], (Message) others[i], numbers[i], false);
                case ACKNOWLEDGE -> queue.owned().onAcknowledged(numbers[i]);
                case REQUEUED -> queue.owned().onRequeued();
                case CREDIT -> queue.owned().onCredit((Consumer) subjects[i], (int) numbers[i]);
                default -> ((Runnable) subjects[i]).run();
            }
        }
        return journal != null && journal.holdsUp(stored) ? journal : null;
    }

    private void report() {
        for (int i = 0; i < size; i++) {
            if (subjects[i] instanceof Message && kinds[i] != PublishResult.PENDING.ordinal()) {
                Channel channel = asking(others[i]);
                if (channel != null) {
                    channel.onPublishResult(numbers[i], kinds[i] == PublishResult.ACCEPTED.ordinal());
                }
            }
        }
        if (congested) {
            connection.onCongestion();
        }
        long carried = bytes;
        clear();
        connection.onBatchDone(this, carried);
    }

    private static @Nullable Channel asking(@Nullable Object other) {
        if (other instanceof Channel channel) {
            return channel;
        }
        return other instanceof RemoteConfirms later ? later.channel() : null;
    }

    private void clear() {
        Arrays.fill(queues, 0, size, null);
        Arrays.fill(subjects, 0, size, null);
        Arrays.fill(others, 0, size, null);
        size = 0;
        publishes = 0;
        bytes = 0;
        done = false;
    }
}
