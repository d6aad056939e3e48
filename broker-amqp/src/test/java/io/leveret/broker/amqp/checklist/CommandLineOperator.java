package io.leveret.broker.amqp.checklist;

import io.leveret.broker.amqp.behaviour.CommandLineAccounts;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/** The operator of another broker, by way of its command line tool. */
record CommandLineOperator(CommandLineAccounts tool) implements Operator {
    @Override
    public void putPolicy(String name, String pattern, int priority, Map<String, Object> definition)
            throws IOException {
        tool.run("set_policy", "--priority", Integer.toString(priority), name, pattern, json(definition));
    }

    @Override
    public void clearPolicy(String name) throws IOException {
        tool.run("clear_policy", name);
    }

    @Override
    public void putOperatorPolicy(String name, String pattern, Map<String, Object> definition) throws IOException {
        tool.run("set_operator_policy", "--apply-to", "queues", name, pattern, json(definition));
    }

    @Override
    public void clearOperatorPolicy(String name) throws IOException {
        tool.run("clear_operator_policy", name);
    }

    private static String json(Map<String, Object> definition) {
        return definition.entrySet().stream()
                .map(entry -> '"' + entry.getKey() + "\":"
                        + (entry.getValue() instanceof String text ? '"' + text + '"' : entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
