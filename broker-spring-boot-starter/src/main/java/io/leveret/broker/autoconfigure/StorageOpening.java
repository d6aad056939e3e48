package io.leveret.broker.autoconfigure;

/** Opens a storage; may have begun with it before the settings are known. */
interface StorageOpening extends AutoCloseable {
    /** See {@link BrokerStorage#open}. At most once. */
    BrokerStorage open(BrokerProperties properties, BrokerDataSources sources);

    /** Drops what was begun, if no storage has taken it. */
    @Override
    default void close() {}
}
