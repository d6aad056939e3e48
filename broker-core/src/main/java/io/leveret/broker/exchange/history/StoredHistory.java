package io.leveret.broker.exchange.history;

import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of an exchange as the journal has it, transient messages included, as RabbitMQ's is in Khepri
 * (rabbit_db_rh_exchange). Nobody waits for it. Owned by the loop of the exchange; all methods may be called by any thread.
 */
final class StoredHistory {
    private final LoopJournal journal;
    private final EventLoop loop;
    private final long owner;
    private final long limit;
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private boolean dropped;

    private StoredHistory(LoopJournal journal, long owner, long limit) {
        this.journal = journal;
        this.loop = journal.loop();
        this.owner = owner;
        this.limit = limit;
    }

    /** Null when nothing outlives the process, or not this exchange. */
    static @Nullable StoredHistory of(ExchangeContext exchange, long limit) {
        LoopJournal journal = exchange.journal();
        return journal == null ? null : new StoredHistory(journal, exchange.id(), limit);
    }

    void add(Message message) {
        if (loop.inEventLoop()) {
            onAdd(message);
        } else {
            loop.execute(() -> onAdd(message));
        }
    }

    private void onAdd(Message message) {
        if (!dropped) {
            messages.add(journal.append(owner, message, Message.NEVER, true, null, 0));
            trim();
        }
    }

    /** Takes what the journal had, before anything is added. */
    void recover(List<Message> recovered) {
        loop.execute(() -> {
            messages.addAll(recovered);
            trim();
        });
    }

    /** The exchange is gone. */
    void drop() {
        loop.execute(() -> {
            dropped = true;
            forgetAll();
        });
    }

    /** Forgets what is there. */
    void purge() {
        loop.execute(this::forgetAll);
    }

    private void forgetAll() {
        messages.forEach(message -> journal.settle(message.place()));
        messages.clear();
    }

    private void trim() {
        while (messages.size() > limit) {
            journal.settle(messages.remove().place());
        }
    }
}
