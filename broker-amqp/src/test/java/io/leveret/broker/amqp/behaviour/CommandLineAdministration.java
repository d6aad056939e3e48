package io.leveret.broker.amqp.behaviour;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Another broker, by way of its command line tool.
 *
 * @param command the tool with the options that choose the node, such as {@code rabbitmqctl -n rabbit@localhost}
 */
record CommandLineAdministration(List<String> command) implements Administration {
    @Override
    public void putPolicy(String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException {
        setPolicy("set_policy", name, pattern, applyTo, priority, definition);
    }

    @Override
    public void clearPolicy(String name) throws IOException {
        run("clear_policy", name);
    }

    @Override
    public void putOperatorPolicy(
            String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException {
        setPolicy("set_operator_policy", name, pattern, applyTo, priority, definition);
    }

    @Override
    public void clearOperatorPolicy(String name) throws IOException {
        run("clear_operator_policy", name);
    }

    private void setPolicy(
            String verb, String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException {
        run(verb, name, pattern, json(definition), "--priority", Integer.toString(priority), "--apply-to", applyTo);
    }

    @Override
    public void putParameter(String component, String name, Object value) throws IOException {
        run("set_parameter", component, name, json(value));
    }

    @Override
    public void putVirtualHost(String name) throws IOException {
        run("add_vhost", name);
    }

    @Override
    public void deleteVirtualHost(String name) throws IOException {
        run("delete_vhost", name);
    }

    @Override
    public void putPermission(String user, String vhost, String configure, String write, String read)
            throws IOException {
        run("set_permissions", "-p", vhost, user, configure, write, read);
    }

    @Override
    public void putVirtualHostLimit(String vhost, String limit, long value) throws IOException {
        run("set_vhost_limits", "-p", vhost, json(Map.of(limit, value)));
    }

    @Override
    public void putUserLimit(String user, String limit, long value) throws IOException {
        run("set_user_limits", user, json(Map.of(limit, value)));
    }

    @Override
    public void changePassword(String user, String password) throws IOException {
        run("change_password", user, password);
    }

    /** Of what the tests give: texts without anything to escape, numbers and maps of them. */
    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    private void run(String... arguments) throws IOException {
        CommandLineAccounts.run(command, arguments);
    }
}
