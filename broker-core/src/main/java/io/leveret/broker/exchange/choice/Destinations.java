package io.leveret.broker.exchange.choice;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The destinations of an exchange, each once, with the binding that counts for it: the oldest one. Changed by one thread and
 * read as a whole by any.
 */
final class Destinations {
    private final Map<Destination, List<Binding>> bindings = new IdentityHashMap<>();
    private volatile List<Binding> oldest = List.of();

    /** Adds a binding. Writer only. */
    void add(Binding binding) {
        List<Binding> known = bindings.computeIfAbsent(binding.destination(), destination -> new ArrayList<>(1));
        known.add(binding);
        if (known.size() == 1) {
            List<Binding> longer = new ArrayList<>(oldest.size() + 1);
            longer.addAll(oldest);
            longer.add(binding);
            oldest = longer;
        }
    }

    /** Removes a binding; the next oldest of its destination takes its place. Writer only. */
    void remove(Binding binding) {
        List<Binding> known = bindings.get(binding.destination());
        if (known == null || !known.remove(binding)) {
            return;
        }
        List<Binding> changed = new ArrayList<>(oldest);
        if (known.isEmpty()) {
            bindings.remove(binding.destination());
            changed.remove(binding);
        } else {
            changed.replaceAll(each -> each.equals(binding) ? known.get(0) : each);
        }
        oldest = changed;
    }

    /** One binding a destination, in the order the destinations were first bound; never changed. Any thread. */
    List<Binding> oldest() {
        return oldest;
    }
}
