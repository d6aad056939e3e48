package io.leveret.broker.amqp.behaviour;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The users of another broker, by way of its command line tool.
 *
 * @param command the tool with the options that choose the node, such as {@code rabbitmqctl -n rabbit@localhost}
 */
public record CommandLineAccounts(List<String> command) implements Accounts {
    @Override
    public void putUser(String user, String password, String... tags) throws IOException {
        run("add_user", user, password);
        if (tags.length > 0) {
            run("set_user_tags", user, String.join(" ", tags));
        }
    }

    @Override
    public void putPermission(String user, String configure, String write, String read) throws IOException {
        run("set_permissions", user, configure, write, read);
    }

    @Override
    public void clearPermission(String user) throws IOException {
        run("clear_permissions", user);
    }

    @Override
    public void putTopicPermission(String user, String exchange, String write, String read) throws IOException {
        run("set_topic_permissions", user, exchange, write, read);
    }

    @Override
    public void deleteUser(String user) throws IOException {
        run("delete_user", user);
    }

    public void run(String... arguments) throws IOException {
        run(command, arguments);
    }

    public static void run(List<String> command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = TestBroker.text(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(arguments[0] + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(arguments[0] + " was interrupted", e);
        }
    }
}
