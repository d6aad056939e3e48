package io.leveret.broker.amqp.checklist;

import io.leveret.broker.Broker;
import io.leveret.broker.definition.Definition;
import java.util.Map;

/** The operator of our broker in this JVM. */
record EmbeddedOperator(Broker broker) implements Operator {
    @Override
    public void putPolicy(String name, String pattern, int priority, Map<String, Object> definition) {
        broker.putPolicy(new Definition.Policy("/", name, false, pattern, "all", priority, definition))
                .join();
    }

    @Override
    public void clearPolicy(String name) {
        broker.clearPolicy("/", name, false).join();
    }

    @Override
    public void putOperatorPolicy(String name, String pattern, Map<String, Object> definition) {
        broker.putPolicy(new Definition.Policy("/", name, true, pattern, "queues", 0, definition))
                .join();
    }

    @Override
    public void clearOperatorPolicy(String name) {
        broker.clearPolicy("/", name, true).join();
    }
}
