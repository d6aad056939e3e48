package io.leveret.broker.vhost;

import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeHost;
import io.leveret.broker.exchange.ExchangeLookup;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.InternalPublisher;
import io.leveret.broker.exchange.MessageKeeper;
import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.Router;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.exchange.StoredMessage;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a virtual host does for its exchanges. */
final class ExchangeServices implements ExchangeHost {
    private final ExchangeTypes types;
    private final List<? extends EventLoop> loops;
    private final InternalPublisher relay;
    private final MemoryInUse memory;
    private final @Nullable Journal journal;
    private final ExchangeLookup exchanges;

    /** @param exchanges those of the virtual host */
    ExchangeServices(
            ExchangeTypes types,
            List<? extends EventLoop> loops,
            InternalPublisher relay,
            MemoryInUse memory,
            @Nullable Journal journal,
            ExchangeLookup exchanges) {
        this.types = types;
        this.loops = loops;
        this.relay = relay;
        this.memory = memory;
        this.journal = journal;
        this.exchanges = exchanges;
    }

    @Override
    public ExchangeTypes types() {
        return types;
    }

    @Override
    public EventLoop loopOf(String exchange) {
        return loops.get(Math.floorMod(exchange.hashCode(), loops.size()));
    }

    @Override
    public @Nullable LoopJournal journal(EventLoop loop) {
        return journal == null ? null : journal.on(loop);
    }

    @Override
    public void deliver(Destination destination, Message message) {
        if (currentLoop() == null) {
            deliverNow(destination, message);
        } else if (destination instanceof QueueDestination queue) {
            relay.enqueue(queue, message);
        } else if (destination instanceof Exchange exchange) {
            relay.publish(exchange, message);
        }
    }

    /**
     * From a thread that is no loop, such as the writer of the topology, straight to the loops of the queues: what a client
     * asks for once it has the writer's answer comes there later.
     */
    private void deliverNow(Destination destination, Message message) {
        if (destination instanceof Exchange exchange) {
            Routes routes = new Routes();
            new Router(exchanges).route(exchange, new StoredMessage().of(message), routes);
            for (int i = 0; i < routes.size(); i++) {
                deliverNow(routes.get(i), message);
            }
        } else if (destination instanceof QueueRef queue) {
            queue.loop().execute(() -> queue.owned().onEnqueue(message));
        } else if (destination instanceof MessageKeeper keeper) {
            keeper.keep(message, null, 0);
        } else if (destination instanceof PseudoQueue pseudo) {
            pseudo.accept(message);
        }
    }

    @Override
    public void countHeld(long bytes) {
        EventLoop current = currentLoop();
        if (current != null) {
            memory.of(current).add(bytes);
        } else {
            EventLoop any = loops.get(0);
            any.execute(() -> memory.of(any).add(bytes));
        }
    }

    private @Nullable EventLoop currentLoop() {
        for (EventLoop loop : loops) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        return null;
    }
}
