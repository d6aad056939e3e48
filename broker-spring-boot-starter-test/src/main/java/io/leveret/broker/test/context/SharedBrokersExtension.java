package io.leveret.broker.test.context;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Tells the brokers that contexts share when a run of tests begins and, by the store of its root, when it is over. */
final class SharedBrokersExtension implements BeforeAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(SharedBrokersExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(NAMESPACE).computeIfAbsent(Run.class, type -> new Run(SharedBrokers.ofThisJvm()));
    }

    private static final class Run implements AutoCloseable {
        private final SharedBrokers brokers;

        Run(SharedBrokers brokers) {
            this.brokers = brokers;
            brokers.runBegins();
        }

        @Override
        public void close() {
            brokers.runEnds();
        }
    }
}
