package io.leveret.broker.exchange;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/** What the exchanges of one virtual host need of it; see {@link ExchangeContext} for what is promised. Any thread. */
public interface ExchangeHost {

    /** For exchanges of types that keep nothing; they never ask for anything. */
    ExchangeHost NONE = new NoHost();

    /** All types of the broker. */
    ExchangeTypes types();

    /** The loop of the exchange of that name. */
    EventLoop loopOf(String exchange);

    /** Where exchanges of that loop write what has to outlive the process; null if nothing does. */
    @Nullable LoopJournal journal(EventLoop loop);

    /** Sends a message on to a queue or through an exchange. */
    void deliver(Destination destination, Message message);

    /** Counts memory that exchanges hold, in bytes. */
    void countHeld(long bytes);
}
