package io.leveret.broker.store;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.hibernate.Version;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what takes the first opening of a store most of its time, the persistence unit, before the settings are known: one
 * for H2 without settings of its own. The next store that is opened takes it, if it is such a one. Any thread.
 */
final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final AtomicReference<@Nullable CompletableFuture<PersistenceUnit>> AHEAD = new AtomicReference<>();

    private WarmUp() {}

    /** Begins, on a thread of its own that ends when it is done. Does nothing if there is one already. */
    static void begin() {
        var ahead = new CompletableFuture<PersistenceUnit>();
        if (AHEAD.compareAndSet(null, ahead)) {
            // the one thing that Hibernate always logs; said here, it is not said at whatever moment
            Version.logVersion();
            buildAside(Vendor.H2, Map.of(), ahead);
        }
    }

    /** The unit for a store: the one that was begun, or another one, whose making begins here. */
    static CompletableFuture<PersistenceUnit> take(Vendor vendor, Map<String, String> properties) {
        if (vendor == Vendor.H2 && properties.isEmpty()) {
            CompletableFuture<PersistenceUnit> taken = AHEAD.getAndSet(null);
            if (taken != null) {
                return taken;
            }
        }
        drop();
        var unit = new CompletableFuture<PersistenceUnit>();
        buildAside(vendor, properties, unit);
        return unit;
    }

    /** What has been begun and not been taken; null if there is nothing. */
    static @Nullable CompletableFuture<PersistenceUnit> begun() {
        return AHEAD.get();
    }

    /** Has what was begun closed, as nobody is going to take it. */
    static void drop() {
        CompletableFuture<PersistenceUnit> ahead = AHEAD.getAndSet(null);
        if (ahead != null) {
            ahead.thenAccept(PersistenceUnit::close).exceptionally(failure -> {
                log.debug("could not be warmed up", failure);
                return null;
            });
        }
    }

    private static void buildAside(
            Vendor vendor, Map<String, String> properties, CompletableFuture<PersistenceUnit> unit) {
        unit.completeAsync(() -> PersistenceUnit.build(vendor, properties), task -> {
            Thread thread = new Thread(task, "broker-store-unit");
            thread.setDaemon(true);
            thread.start();
        });
    }
}
