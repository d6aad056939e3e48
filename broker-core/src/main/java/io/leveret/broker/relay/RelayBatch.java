package io.leveret.broker.relay;

import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages from one loop for queues of another, enqueued there in order as one task. */
final class RelayBatch implements Runnable {
    static final int LIMIT = 1024;

    private final LoopRelay target;
    private final List<QueueRef> queues = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<@Nullable Receipt> receipts = new ArrayList<>();
    private int done;

    /** @param target of the loop that owns the queues; not touched before the batch runs there */
    RelayBatch(LoopRelay target) {
        this.target = target;
    }

    LoopRelay target() {
        return target;
    }

    boolean isFull() {
        return messages.size() >= LIMIT;
    }

    void add(QueueRef queue, Message message, @Nullable Receipt receipt) {
        queues.add(queue);
        messages.add(message);
        receipts.add(receipt);
    }

    @Override
    public void run() {
        try {
            while (done < messages.size()) {
                int each = done++;
                target.onArrival(queues.get(each), messages.get(each), receipts.get(each));
            }
        } finally {
            if (done < messages.size()) {
                target.loop().execute(this);
            }
        }
    }
}
