package io.leveret.broker.relay;

import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.message.Message;

/** A message for one queue. */
record Delivery(QueueDestination queue, Message message) implements RelayWork {

    @Override
    public void run(LoopRelay relay) {
        relay.send(queue, message, null);
    }

    @Override
    public int bytes() {
        return message.data().length;
    }
}
