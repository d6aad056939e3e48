package io.leveret.broker.relay;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.message.Message;

/** A message to be routed from an exchange, for which the journal may have it. */
record Publication(Exchange exchange, Message message) implements RelayWork {

    @Override
    public void run(LoopRelay relay) {
        Receipt receipt = relay.receipt(place());
        Message sent = receipt == null ? message : message.inQueue(Message.NEVER, Message.NOWHERE);
        Routes routes = relay.route(exchange, sent);
        for (int i = 0; i < routes.size(); i++) {
            relay.send(routes.get(i), sent, receipt);
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
