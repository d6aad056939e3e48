package io.leveret.broker.amqp.behaviour;

import java.io.IOException;

/** The users of the broker under test and what they may do in its virtual host {@code /}. */
public interface Accounts {
    void putUser(String user, String password, String... tags) throws IOException;

    void putPermission(String user, String configure, String write, String read) throws IOException;

    void clearPermission(String user) throws IOException;

    void putTopicPermission(String user, String exchange, String write, String read) throws IOException;

    void deleteUser(String user) throws IOException;
}
