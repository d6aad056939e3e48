package io.leveret.broker.deadletter;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeLookup;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.relay.Relay;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends on what dies in the queues of one virtual host: to their dead letter exchange, at most once, without anybody's
 * permission, the messages of each queue in order.
 */
public final class DeadLetters {
    private final Relay relay;
    private final ExchangeLookup exchanges;
    private final List<LoopLetters> byLoop = new ArrayList<>();

    /**
     * @param loops all loops of the broker
     * @param exchanges those of the virtual host
     */
    public DeadLetters(List<? extends EventLoop> loops, Relay relay, ExchangeLookup exchanges) {
        this.relay = relay;
        this.exchanges = exchanges;
        for (int i = 0; i < loops.size(); i++) {
            byLoop.add(new LoopLetters(new LetterWriter(), new CycleLog()));
        }
    }

    /**
     * A message died in a queue. It is sent on later, by the loop of the queue, and dropped if the exchange does not exist
     * now. It is settled in the journal when all queues that its letter goes to have that for good. On the loop of the queue.
     *
     * @return whether it is sent on
     */
    public boolean add(QueueRef queue, DeadLettering to, Message message, DeathReason reason) {
        EventLoop loop = queue.loop();
        Exchange exchange = exchanges.exchange(to.exchange());
        if (exchange == null) {
            relay.on(loop).settle(message.place());
            return false;
        }
        LoopLetters letters = byLoop.get(loop.index());
        relay.on(loop).add(new DeadLetter(letters, queue, to, exchange, message, reason, loop.nowMillis()));
        return true;
    }
}
