package io.leveret.broker.exchange;

/**
 * The bindings of one exchange, arranged so that its type finds the matching ones fast.
 *
 * <p>{@link #add} and {@link #remove} are called by one thread, the writer of the virtual host's topology;
 * {@link #match} is called by all event loops, also in the middle of a change. A reader sees each single binding whole
 * or not at all, and every binding that is there from the beginning to the end of its call. Implementations use no
 * locks.
 */
public interface BindingTable {
    /**
     * Refuses a binding that the type can't work with.
     *
     * @throws io.leveret.broker.error.AmqpError 406 with the type's text
     */
    default void validate(Binding binding) {}

    /** Adds a valid binding that is not in the table. Writer only. */
    void add(Binding binding);

    /** Removes a binding that is in the table. Writer only. */
    void remove(Binding binding);

    /** Gives the destinations of all matching bindings to the sink; repetitions are allowed. Any thread. */
    void match(String routingKey, HeadersSource headers, DestinationSink sink);

    /**
     * Whether {@link #match} looks at nothing but the routing key and gives the same answer until the bindings change,
     * so that the answer may be cached by key.
     */
    boolean routesByKeyAlone();
}
