package io.leveret.broker.store;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.hibernate.Version;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what takes the opening of a store most of its time, the persistence unit, before the settings are known: one for H2
 * without settings of its own. The first store that is opened with it takes it, if it is such a one. For a process that knows
 * that it will open a store, and has something else to do before. Any thread.
 */
public final class StorePreparation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StorePreparation.class);

    private final AtomicReference<@Nullable CompletableFuture<PersistenceUnit>> ahead;

    private StorePreparation(@Nullable CompletableFuture<PersistenceUnit> ahead) {
        this.ahead = new AtomicReference<>(ahead);
    }

    /** Nothing is made ahead. */
    public static StorePreparation none() {
        return new StorePreparation(null);
    }

    /** Begins, on a thread of its own that ends when it is done, and returns at once. */
    public static StorePreparation begin() {
        // the one thing that Hibernate always logs; said here, it is not said at whatever moment
        Version.logVersion();
        return new StorePreparation(build(Vendor.H2, Map.of()));
    }

    /** The unit for a store: the one that was made ahead, or another one, whose making begins here. */
    CompletableFuture<PersistenceUnit> take(Vendor vendor, Map<String, String> properties) {
        if (vendor == Vendor.H2 && properties.isEmpty()) {
            CompletableFuture<PersistenceUnit> taken = ahead.getAndSet(null);
            if (taken != null) {
                return taken;
            }
        }
        return build(vendor, properties);
    }

    /** What no store has taken; null if there is nothing. */
    @Nullable CompletableFuture<PersistenceUnit> left() {
        return ahead.get();
    }

    /** Drops what was made, if no store has taken it; does not wait for it. */
    @Override
    public void close() {
        CompletableFuture<PersistenceUnit> left = ahead.getAndSet(null);
        if (left != null) {
            left.thenAccept(PersistenceUnit::close).exceptionally(failure -> {
                log.debug("could not be made ahead", failure);
                return null;
            });
        }
    }

    private static CompletableFuture<PersistenceUnit> build(Vendor vendor, Map<String, String> properties) {
        return CompletableFuture.supplyAsync(() -> PersistenceUnit.build(vendor, properties), task -> {
            Thread thread = new Thread(task, "broker-store-unit");
            thread.setDaemon(true);
            thread.start();
        });
    }
}
