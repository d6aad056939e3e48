package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The exchange types that a broker knows, by name. Immutable. */
public final class ExchangeTypes {
    public static final ExchangeType DIRECT = new BuiltIn("direct", DirectTable::new);
    public static final ExchangeType FANOUT = new BuiltIn("fanout", FanoutTable::new);
    public static final ExchangeType TOPIC = new BuiltIn("topic", TopicTable::new);
    public static final ExchangeType HEADERS = new BuiltIn("headers", HeadersTable::new);

    private final Map<String, ExchangeType> types;

    private ExchangeTypes(Map<String, ExchangeType> types) {
        this.types = types;
    }

    /** The four of the protocol: direct, fanout, topic and headers. */
    public static ExchangeTypes builtIn() {
        Map<String, ExchangeType> types = new LinkedHashMap<>();
        register(types, DIRECT);
        register(types, FANOUT);
        register(types, TOPIC);
        register(types, HEADERS);
        return new ExchangeTypes(types);
    }

    /**
     * The built-in types and those that the class loader offers as services, which the rest of this broker's own are too.
     *
     * @throws IllegalStateException if two types have the same name
     */
    public static ExchangeTypes load(ClassLoader classLoader) {
        return builtIn().with(ServiceLoader.load(ExchangeType.class, classLoader));
    }

    /**
     * These types and others.
     *
     * @throws IllegalStateException if two types have the same name
     */
    public ExchangeTypes with(Iterable<? extends ExchangeType> others) {
        Map<String, ExchangeType> all = new LinkedHashMap<>(types);
        others.forEach(type -> register(all, type));
        return new ExchangeTypes(all);
    }

    private static void register(Map<String, ExchangeType> types, ExchangeType type) {
        if (types.putIfAbsent(type.name(), type) != null) {
            throw new IllegalStateException("two exchange types are called '" + type.name() + "'");
        }
    }

    public @Nullable ExchangeType find(String name) {
        return types.get(name);
    }

    /**
     * The type of this name.
     *
     * @throws AmqpError 406 if there is none
     */
    public ExchangeType require(String name) {
        ExchangeType type = types.get(name);
        if (type == null) {
            throw AmqpError.preconditionFailed("unknown exchange type '" + name + "'");
        }
        return type;
    }

    /** Stands for a type that is not there: keeps bindings, routes nothing. See {@link Exchange#requireType}. */
    public static ExchangeType missing(String name) {
        return new MissingType(name);
    }

    /** All names. */
    public Set<String> names() {
        return Set.copyOf(types.keySet());
    }

    private record BuiltIn(String name, Supplier<BindingTable> tables) implements ExchangeType {
        @Override
        public BindingTable newTable(ExchangeContext exchange) {
            return tables.get();
        }
    }
}
