package io.leveret.broker.relay;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeLookup;
import io.leveret.broker.exchange.MessageKeeper;
import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.Router;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.exchange.StoredMessage;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.PublishResult;
import io.leveret.broker.queue.QueueRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one loop sends on within one virtual host. Owned by that loop.
 *
 * <p>Work waits in a list and is done by a task of its own, never inside the call that brings it. So no queue is called
 * back while it is busy, and a chain of queues that pass a message on costs no stack. A turn does a part of a long list, for
 * 20 ms at most, and lets the loop read its sockets; the part grows with the list, so that whoever fills it can't outrun it.
 * Whatever
 * waits here, and is under way to another loop, counts as memory held by queues.
 */
public final class LoopRelay {
    private static final Logger LOG = LoggerFactory.getLogger(LoopRelay.class);

    private static final int LEAST_PER_TURN = 1024;
    private static final long LEAST_BYTES_PER_TURN = 4 << 20;
    /** A turn does one of so many parts of the list, or more. */
    private static final int PARTS = 8;

    /** Whatever is left after that long waits for the next turn. */
    private static final long LONGEST_TURN_MILLIS = 20;

    private static final int LOOK_AT_CLOCK_EVERY = 64;

    private static final int OVERHEAD = 64;
    private static final long WARNING_INTERVAL_MILLIS = 60_000;

    private final EventLoop loop;
    private final LoopRelay[] relays;
    private final HeldBytes held;
    private final @Nullable LoopJournal journal;
    private final int largestGrowth;
    private final Router router;
    private final Routes routes = new Routes();
    private final StoredMessage stored = new StoredMessage();
    private final ArrayDeque<RelayWork> work = new ArrayDeque<>();
    private final @Nullable RelayBatch[] batches;
    /** By the loops whose receipts they are. */
    private final List<List<Receipt>> answers = new ArrayList<>();

    private boolean hasAnswers;
    /** How many have neither settled what they are for nor been given up. */
    private int openReceipts;

    private final List<Runnable> waiting = new ArrayList<>();
    private boolean stopped;
    private long bytesWaiting;
    private boolean scheduled;
    private boolean relaying;
    private int growth;
    private long nextWarningMillis;

    /**
     * @param relays those of all loops, by index; filled when the first message comes
     * @param journal of the loop; null when nothing outlives the process
     * @param largestGrowth how many more messages may wait because waiting ones were sent on
     */
    LoopRelay(
            EventLoop loop,
            LoopRelay[] relays,
            HeldBytes held,
            @Nullable LoopJournal journal,
            int largestGrowth,
            ExchangeLookup exchanges) {
        this.loop = loop;
        this.relays = relays;
        this.held = held;
        this.journal = journal;
        this.largestGrowth = largestGrowth;
        this.router = new Router(exchanges);
        this.batches = new RelayBatch[relays.length];
        for (int i = 0; i < relays.length; i++) {
            answers.add(new ArrayList<>());
        }
    }

    public EventLoop loop() {
        return loop;
    }

    /** Takes work, to be done after what the loop does now and after all that was taken before. */
    public void add(RelayWork added) {
        assertOwned();
        if (stays(added)) {
            return;
        }
        if (relaying && ++growth > largestGrowth) {
            growth--;
            warnOfGrowth();
            settle(added.place());
            return;
        }
        work.add(added);
        bytesWaiting += cost(added.bytes());
        held.add(cost(added.bytes()));
        schedule();
    }

    /** Whether the broker stops, and the next start will find in the journal what there is to do. */
    private boolean stays(RelayWork some) {
        return stopped && some.place() != Message.NOWHERE;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::drain);
        }
    }

    private void drain() {
        assertOwned();
        int left = Math.max(LEAST_PER_TURN, work.size() / PARTS);
        long bytesLeft = Math.max(LEAST_BYTES_PER_TURN, bytesWaiting / PARTS);
        long endMillis = loop.monotonicMillis() + LONGEST_TURN_MILLIS;
        relaying = true;
        try {
            RelayWork next;
            while (left > 0 && bytesLeft > 0 && (next = work.poll()) != null) {
                long cost = cost(next.bytes());
                left--;
                bytesLeft -= cost;
                bytesWaiting -= cost;
                held.add(-cost);
                shrink();
                if (!stays(next)) {
                    next.run(this);
                }
                if (left % LOOK_AT_CLOCK_EVERY == 0 && loop.monotonicMillis() >= endMillis) {
                    break;
                }
            }
        } finally {
            relaying = false;
            flush();
            scheduled = !work.isEmpty();
            if (scheduled) {
                // and not execute: Netty runs many tasks in a row before it looks at its sockets again
                loop.schedule(this::drain, 0);
            }
        }
    }

    /** A message from another loop has come for a queue of this one. */
    void onArrival(QueueRef queue, Message message, @Nullable Receipt receipt) {
        held.add(-cost(message.data().length));
        relaying = true;
        try {
            shrink();
            PublishResult result = queue.owned().onEnqueue(message, receipt, loop.index());
            if (receipt != null && result != PublishResult.PENDING) {
                answer(receipt);
            }
        } finally {
            relaying = false;
        }
    }

    private void shrink() {
        if (growth > 0) {
            growth--;
        }
    }

    /** The queues for a message by its own routing keys; the caller clears the result before it routes again. */
    public Routes route(Exchange exchange, Message message) {
        router.route(exchange, stored.of(message), routes);
        stored.clear();
        return routes;
    }

    /**
     * What waits for the queues that a message goes to, to settle a place in the journal.
     *
     * @return null if it is {@link Message#NOWHERE}
     */
    public @Nullable Receipt receipt(long place) {
        if (place == Message.NOWHERE) {
            return null;
        }
        openReceipts++;
        return new Receipt(this, place);
    }

    /** A receipt has settled what it is for, or never will. */
    void onReceiptDone() {
        if (--openReceipts == 0) {
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }

    /**
     * Leaves from now on where it is what the journal has. Runs something when nothing that was sent on before waits for queues
     * to store it: then nothing is in two places.
     */
    void stop(Runnable task) {
        assertOwned();
        stopped = true;
        if (openReceipts == 0) {
            task.run();
        } else {
            waiting.add(task);
        }
    }

    /** What the journal of this loop has at a place is over; {@link Message#NOWHERE} is fine. */
    public void settle(long place) {
        if (journal != null) {
            journal.settle(place);
        }
    }

    /**
     * Hands a message to a queue: to one of this loop at once, to others when the turn ends. From within work only.
     *
     * @param receipt hears when the queue has it; null for nobody
     */
    public void send(QueueDestination destination, Message message, @Nullable Receipt receipt) {
        assertOwned();
        if (receipt != null) {
            receipt.expect();
        }
        boolean answered = true;
        if (destination instanceof QueueRef queue) {
            if (queue.loop() == loop) {
                answered = queue.owned().onEnqueue(message, receipt, loop.index()) != PublishResult.PENDING;
            } else {
                sendAway(queue, message, receipt);
                answered = false;
            }
        } else if (destination instanceof MessageKeeper keeper) {
            answered = !keeper.keep(message, receipt, keeper.loop().index());
        } else if (destination instanceof PseudoQueue pseudo) {
            pseudo.accept(message);
        }
        if (answered && receipt != null) {
            receipt.onAnswer();
        }
    }

    LoopRelay sibling(int index) {
        return relays[index];
    }

    /**
     * A queue of this loop has a message for good. The receipt hears of it later, because a queue may say so while it is busy,
     * and because what the receipt settles may be what another one waits for, and so on.
     */
    void answer(Receipt receipt) {
        assertOwned();
        answers.get(receipt.home().loop.index()).add(receipt);
        if (!hasAnswers) {
            hasAnswers = true;
            loop.execute(this::flushAnswers);
        }
    }

    private void flushAnswers() {
        hasAnswers = false;
        for (int i = 0; i < relays.length; i++) {
            List<Receipt> answered = answers.get(i);
            if (!answered.isEmpty()) {
                answers.set(i, new ArrayList<>());
                if (i == loop.index()) {
                    answered.forEach(Receipt::onAnswer);
                } else {
                    relays[i].loop.execute(() -> answered.forEach(Receipt::onAnswer));
                }
            }
        }
    }

    private void sendAway(QueueRef queue, Message message, @Nullable Receipt receipt) {
        int index = queue.loop().index();
        RelayBatch batch = batches[index];
        if (batch == null) {
            batch = new RelayBatch(relays[index]);
            batches[index] = batch;
        }
        held.add(cost(message.data().length));
        batch.add(queue, message, receipt);
        if (batch.isFull()) {
            batches[index] = null;
            batch.target().loop.execute(batch);
        }
    }

    private void flush() {
        for (int i = 0; i < batches.length; i++) {
            RelayBatch batch = batches[i];
            if (batch != null) {
                batches[i] = null;
                batch.target().loop.execute(batch);
            }
        }
    }

    private static long cost(int bytes) {
        return (long) bytes + OVERHEAD;
    }

    private void warnOfGrowth() {
        if (loop.nowMillis() >= nextWarningMillis) {
            nextWarningMillis = loop.nowMillis() + WARNING_INTERVAL_MILLIS;
            LOG.warn(
                    "Dropping messages: those that queues have passed on to several queues at once, which did the same,"
                            + " are {} more than they began with",
                    largestGrowth);
        }
    }

    private void assertOwned() {
        assert loop.inEventLoop() : "not on loop " + loop.index();
    }
}
