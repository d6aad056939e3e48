package io.leveret.broker.exchange;

/** Takes the destinations that a {@link BindingTable} finds. */
@FunctionalInterface
public interface DestinationSink {
    /** Takes one destination; the same one may come more than once. */
    void accept(Destination destination);

    /**
     * Says that the exchange keeps the message to send it on later, so that its alternate exchange is not asked now. To the
     * publisher the message has not been routed by this exchange.
     */
    default void keep() {}
}
