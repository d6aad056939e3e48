package io.leveret.broker.exchange;

import java.util.List;

/** A table that looks at nothing but routing keys, each by itself: the kind whose answers are remembered. */
public interface RoutingKeyTable extends BindingTable {

    /** Gives the destinations of all bindings that match one key to the sink; repetitions are allowed. Any thread. */
    void match(String routingKey, DestinationSink sink);

    @Override
    default void route(RoutedMessage message, DestinationSink sink) {
        match(message.routingKey(), sink);
        List<String> extraKeys = message.extraKeys();
        for (int i = 0; i < extraKeys.size(); i++) {
            match(extraKeys.get(i), sink);
        }
    }

    @Override
    default boolean routesByKeyAlone() {
        return true;
    }
}
