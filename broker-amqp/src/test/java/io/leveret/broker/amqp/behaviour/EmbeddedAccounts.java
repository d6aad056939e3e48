package io.leveret.broker.amqp.behaviour;

import io.leveret.broker.Broker;
import java.util.Set;

/** The users of our broker in this JVM. */
public record EmbeddedAccounts(Broker broker) implements Accounts {
    @Override
    public void putUser(String user, String password, String... tags) {
        broker.putUser(user, password, Set.of(tags)).join();
    }

    @Override
    public void putPermission(String user, String configure, String write, String read) {
        broker.putPermission(user, "/", configure, write, read).join();
    }

    @Override
    public void clearPermission(String user) {
        broker.clearPermission(user, "/").join();
    }

    @Override
    public void putTopicPermission(String user, String exchange, String write, String read) {
        broker.putTopicPermission(user, "/", exchange, write, read).join();
    }

    @Override
    public void deleteUser(String user) {
        broker.deleteUser(user).join();
    }
}
