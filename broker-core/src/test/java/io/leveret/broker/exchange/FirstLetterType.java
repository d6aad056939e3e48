package io.leveret.broker.exchange;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A type as a user would write it: routes by the first letter of the key, whatever its case. Found as a service. */
public final class FirstLetterType implements ExchangeType {
    @Override
    public String name() {
        return "x-first-letter";
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new FirstLetterTable();
    }

    private static final class FirstLetterTable implements RoutingKeyTable {
        private final Map<Character, Set<Binding>> bindings = new ConcurrentHashMap<>();

        @Override
        public void add(Binding binding) {
            bindings.computeIfAbsent(letter(binding.routingKey()), letter -> ConcurrentHashMap.newKeySet())
                    .add(binding);
        }

        @Override
        public void remove(Binding binding) {
            bindings.getOrDefault(letter(binding.routingKey()), Set.of()).remove(binding);
        }

        @Override
        public void match(String routingKey, DestinationSink sink) {
            bindings.getOrDefault(letter(routingKey), Set.of()).forEach(binding -> sink.accept(binding.destination()));
        }

        private static char letter(String key) {
            return key.isEmpty() ? ' ' : Character.toLowerCase(key.charAt(0));
        }
    }
}
