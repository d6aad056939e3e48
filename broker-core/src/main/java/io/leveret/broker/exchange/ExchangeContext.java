package io.leveret.broker.exchange;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/** One exchange as its {@link ExchangeType} sees it, and what the broker does for it. Any thread, nothing blocks. */
public interface ExchangeContext {

    /** The name of the exchange. */
    String name();

    /** The name of its virtual host. */
    String vhost();

    FieldTable arguments();

    /** All types of the broker, for a type that builds on another. */
    ExchangeTypes types();

    /**
     * The loop that owns what the type keeps for this exchange, always the same; it also runs timers. A type that keeps
     * nothing, or only what is safe on any thread, has no use for it.
     */
    EventLoop loop();

    /** By which the journal knows the exchange. */
    long id();

    /**
     * The journal of {@link #loop}, for what the type keeps and has to find again after a restart, see
     * {@link BindingTable#recovered}. Null if nothing outlives the process, or not this exchange.
     */
    @Nullable LoopJournal journal();

    /**
     * Publishes a message to this exchange: it is routed by its own keys as if it had come in now, without permissions,
     * confirms and returns. On an event loop it is done later, what that loop publishes in order; elsewhere at once.
     *
     * <p>One that the {@link #journal} has is settled when all queues it goes to have it for good; such a message on
     * {@link #loop} only.
     */
    void publish(Message message);

    /**
     * Passes a message on to one destination, from there on as with {@link #publish}. If the thread is no event loop, as in
     * {@link BindingTable#add}, whoever hears afterwards that the call has returned finds the message there.
     */
    void deliver(Destination destination, Message message);

    /** Counts a change of the memory that kept messages take, in bytes, so that it adds to the broker's alarm. */
    void countHeld(long bytes);
}
