package io.leveret.broker.exchange;

/** Takes the destinations that a {@link BindingTable} finds. */
@FunctionalInterface
public interface DestinationSink {
    /** Takes one destination; the same one may come more than once. */
    void accept(Destination destination);
}
