package io.leveret.broker.test.context;

import io.leveret.broker.test.embedded.BrokerSettings;
import io.leveret.broker.test.embedded.StandaloneBroker;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;

/**
 * The brokers that contexts share, one for equal settings. A broker starts with the first context that wants it, and is closed
 * when neither a context uses it nor a run of tests is under way, in which another one may. Safe on any thread.
 *
 * <p>The one object of this class is static because Spring's cache of test contexts is, too, and offers no other place that all
 * of them can reach; what is in it ends as said above.
 */
final class SharedBrokers {
    private static final SharedBrokers OF_THIS_JVM = new SharedBrokers();

    private final ConcurrentHashMap<BrokerSettings, Shared> brokers = new ConcurrentHashMap<>();
    private final AtomicInteger runs = new AtomicInteger();

    static SharedBrokers ofThisJvm() {
        return OF_THIS_JVM;
    }

    private record Shared(StandaloneBroker broker, int users) {
        Shared with(int more) {
            return new Shared(broker, users + more);
        }
    }

    /** The part of one context in a broker. */
    final class Lease {
        private final BrokerSettings settings;
        private final StandaloneBroker broker;

        private Lease(BrokerSettings settings, StandaloneBroker broker) {
            this.settings = settings;
            this.broker = broker;
        }

        int port() {
            return broker.port();
        }

        /** Makes the broker the one of a context that is not refreshed yet, until all other beans of that are destroyed. */
        void register(ConfigurableListableBeanFactory beans) {
            ((DefaultSingletonBeanRegistry) beans).registerDisposableBean("sharedBroker", () -> end(settings));
            broker.parts().forEach(beans::registerSingleton);
        }
    }

    Lease lease(BrokerSettings settings) {
        Shared shared = brokers.compute(
                settings,
                (same, there) -> there == null ? new Shared(StandaloneBroker.start(settings), 1) : there.with(1));
        return new Lease(settings, shared.broker);
    }

    private void end(BrokerSettings settings) {
        brokers.computeIfPresent(settings, (same, there) -> closedIfUnused(there.with(-1)));
    }

    /** A run of tests begins. */
    void runBegins() {
        runs.incrementAndGet();
    }

    /** A run of tests that had begun is over. */
    void runEnds() {
        runs.decrementAndGet();
        brokers.keySet().forEach(each -> brokers.computeIfPresent(each, (same, there) -> closedIfUnused(there)));
    }

    private @Nullable Shared closedIfUnused(Shared shared) {
        if (shared.users > 0 || runs.get() > 0) {
            return shared;
        }
        shared.broker.close();
        return null;
    }

    /** How many there are. */
    int count() {
        return brokers.size();
    }
}
