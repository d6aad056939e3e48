package io.leveret.broker.deadletter;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.MessageKeeper;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.relay.LoopRelay;
import io.leveret.broker.relay.Receipt;
import io.leveret.broker.relay.RelayWork;
import java.util.Set;

/**
 * A message that died and has yet to be sent on.
 *
 * @param exchange where it goes
 * @param millis when it died, since the epoch
 */
record DeadLetter(
        LoopLetters letters,
        QueueRef queue,
        DeadLettering to,
        Exchange exchange,
        Message message,
        DeathReason reason,
        long millis)
        implements RelayWork {
    private static final long MILLIS_PER_SECOND = 1_000;

    @Override
    public void run(LoopRelay relay) {
        LetterWriter.Letter letter =
                letters.writer().write(message, queue.name(), reason, to, millis / MILLIS_PER_SECOND);
        Routes routes = relay.route(exchange, letter.message());
        Receipt receipt = relay.receipt(message.place());
        if (!routes.isEmpty()) {
            Set<String> cyclic =
                    reason == DeathReason.REJECTED ? Set.of() : letter.history().queuesSinceRejection();
            for (int i = 0; i < routes.size(); i++) {
                QueueDestination target = routes.get(i);
                if (cyclic.contains(target.name()) && !(target instanceof MessageKeeper)) {
                    letters.log().dropped(queue.vhost(), queue.name(), target.name(), millis);
                } else {
                    relay.send(target, letter.message(), receipt);
                }
            }
        }
        if (receipt != null) {
            receipt.complete();
        }
        routes.clear();
    }

    @Override
    public int bytes() {
        return message.data().length;
    }

    @Override
    public long place() {
        return message.place();
    }
}
