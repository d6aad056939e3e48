package io.leveret.broker.autoconfigure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;

/**
 * What runs already while there is no context yet, in the order in which it was started. It is closed in the reverse order,
 * each part once, by whoever comes first: the context that got it as beans, a start that fails, or the end of the process
 * before there is a context that is active. Who comes later waits until a part is closed.
 */
final class StartedParts {
    private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final Runnable atEnd = this::closeAll;

    void add(String name, Object bean, Runnable close) {
        parts.push(new Part(name, bean, close));
    }

    /** Has them closed when the process ends, after all contexts. */
    void closeAtEnd() {
        SpringApplication.getShutdownHandlers().add(atEnd);
    }

    /** Makes them beans, which are destroyed after all others. */
    void register(DefaultListableBeanFactory beans) {
        beans.registerDisposableBean("startedBrokerParts", this::forgetEnd);
        parts.descendingIterator().forEachRemaining(part -> {
            beans.registerSingleton(part.name, part.bean);
            beans.registerDisposableBean(part.name, part);
        });
    }

    /** Closes those that are not closed, all of them, whatever happens. */
    void closeAll() {
        for (Part part : parts) {
            try {
                part.destroy();
            } catch (RuntimeException e) {
                LOG.warn("could not close {}", part.name, e);
            }
        }
    }

    void forgetEnd() {
        try {
            SpringApplication.getShutdownHandlers().remove(atEnd);
        } catch (IllegalStateException ending) {
            // the process is at its end, and what is closed already is not closed again
        }
    }

    private static final class Part implements DisposableBean {
        private final String name;
        private final Object bean;
        private final Runnable close;
        private final AtomicBoolean closing = new AtomicBoolean();
        private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

        Part(String name, Object bean, Runnable close) {
            this.name = name;
            this.bean = bean;
            this.close = close;
        }

        @Override
        public void destroy() {
            if (closing.compareAndSet(false, true)) {
                try {
                    close.run();
                } finally {
                    closed.complete(true);
                }
            } else {
                closed.join();
            }
        }
    }
}
