package io.leveret.broker.relay;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeLookup;
import io.leveret.broker.exchange.InternalPublisher;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends on, within one virtual host, what the broker itself publishes. Nothing happens before the call returns.
 *
 * <p>On a loop, the work is that loop's. Threads that are no loop all use one and the same, so that what one of them
 * publishes keeps its order in each queue wherever that lives.
 */
public final class Relay implements InternalPublisher {
    /** Only messages that multiply get there: each in a queue that passes it on to several others, and so on. */
    private static final int LARGEST_GROWTH = 1 << 20;

    private final LoopRelay[] relays;
    private final LoopRelay home;

    /**
     * @param loops all loops of the broker, by index
     * @param home whose work it is what threads publish that are none of the loops
     * @param journal where what was sent on is settled; null when nothing outlives the process
     * @param exchanges those of the virtual host
     */
    public Relay(
            List<? extends EventLoop> loops,
            EventLoop home,
            MemoryInUse memory,
            @Nullable Journal journal,
            ExchangeLookup exchanges) {
        this(loops, home, memory, journal, exchanges, LARGEST_GROWTH);
    }

    Relay(
            List<? extends EventLoop> loops,
            EventLoop home,
            MemoryInUse memory,
            @Nullable Journal journal,
            ExchangeLookup exchanges,
            int largestGrowth) {
        this.relays = new LoopRelay[loops.size()];
        for (EventLoop loop : loops) {
            relays[loop.index()] = new LoopRelay(
                    loop, relays, memory.of(loop), journal == null ? null : journal.on(loop), largestGrowth, exchanges);
        }
        this.home = on(home);
    }

    /** The part of a loop. */
    public LoopRelay on(EventLoop loop) {
        return relays[loop.index()];
    }

    @Override
    public void publish(Exchange exchange, Message message) {
        submit(new Publication(exchange, message));
    }

    @Override
    public void enqueue(QueueDestination queue, Message message) {
        submit(new Delivery(queue, message));
    }

    /**
     * Before the broker stops: what the journal has is not sent on any more, the next start does that. Completes when queues
     * have stored all that had been sent on to them before, and the journal knows that it is over where it came from; never if
     * something can't be stored.
     */
    public CompletableFuture<Void> stop() {
        List<CompletableFuture<@Nullable Void>> parts = new ArrayList<>();
        for (LoopRelay relay : relays) {
            CompletableFuture<@Nullable Void> part = new CompletableFuture<>();
            relay.loop().execute(() -> relay.stop(() -> part.complete(null)));
            parts.add(part);
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    }

    private void submit(RelayWork work) {
        for (LoopRelay relay : relays) {
            if (relay.loop().inEventLoop()) {
                relay.add(work);
                return;
            }
        }
        home.loop().execute(() -> home.add(work));
    }
}
