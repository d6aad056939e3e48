package io.leveret.broker.relay;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.message.Message;

/**
 * A message to be routed from an exchange.
 *
 * @param place where the journal has it for the exchange, see {@link RelayWork#place}
 */
record Publication(Exchange exchange, Message message, long place) implements RelayWork {

    @Override
    public void run(LoopRelay relay) {
        Routes routes = relay.route(exchange, message);
        Receipt receipt = relay.receipt(place);
        for (int i = 0; i < routes.size(); i++) {
            relay.send(routes.get(i), message, receipt);
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
}
