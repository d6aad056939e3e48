package io.leveret.broker.channel;

import io.leveret.broker.message.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the queues of one loop have for one connection of another loop, handed over as one task. Filled by the queues' loop,
 * then owned by the connection's.
 */
final class DeliveryBatch implements Runnable {
    static final int LIMIT = 1024;
    private static final int INITIAL = 16;

    private final ClientConnection connection;
    private ChannelConsumer[] consumers = new ChannelConsumer[INITIAL];
    private @Nullable Message[] messages = new Message[INITIAL];
    private long[] positions = new long[INITIAL];
    private int size;

    DeliveryBatch(ClientConnection connection) {
        this.connection = connection;
    }

    boolean isFull() {
        return size >= LIMIT;
    }

    /**
     * @param message null tells the consumer that its queue is gone
     */
    void add(ChannelConsumer consumer, @Nullable Message message, long position) {
        if (size == consumers.length) {
            consumers = Arrays.copyOf(consumers, size * 2);
            messages = Arrays.copyOf(messages, size * 2);
            positions = Arrays.copyOf(positions, size * 2);
        }
        consumers[size] = consumer;
        messages[size] = message;
        positions[size] = position;
        size++;
    }

    @Override
    public void run() {
        for (int i = 0; i < size; i++) {
            Message message = messages[i];
            if (message == null) {
                consumers[i].onCancelled();
            } else {
                consumers[i].onDeliver(message, positions[i]);
            }
        }
        connection.flushSoon();
    }
}
