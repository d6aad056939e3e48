package io.leveret.broker.relay;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.message.Message;

/** A message to be routed from an exchange. */
record Publication(Exchange exchange, Message message) implements RelayWork {

    @Override
    public void run(LoopRelay relay) {
        Routes routes = relay.route(exchange, message);
        for (int i = 0; i < routes.size(); i++) {
            relay.send(routes.get(i), message);
        }
        routes.clear();
    }

    @Override
    public int bytes() {
        return message.data().length;
    }
}
