package io.leveret.broker.test.context;

import io.leveret.broker.Broker;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.context.ApplicationContext;

/** What cases that a test runs have seen, in order. */
record ContextsSeen(ApplicationContext context, Broker broker, int port) {
    private static final Queue<ContextsSeen> ALL = new ConcurrentLinkedQueue<>();

    static void by(ApplicationContext context) {
        ALL.add(new ContextsSeen(
                context,
                context.getBean(Broker.class),
                context.getEnvironment().getRequiredProperty("local.broker.port", Integer.class)));
    }

    static void forget() {
        ALL.clear();
    }

    static List<ContextsSeen> all() {
        return List.copyOf(ALL);
    }
}
