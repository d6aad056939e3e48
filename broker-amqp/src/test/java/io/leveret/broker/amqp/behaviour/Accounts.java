package io.leveret.broker.amqp.behaviour;

import java.io.IOException;

/** The users of the broker under test and what they may do in its virtual host {@code /}. */
public interface Accounts {
    public void putUser(String user, String password, String... tags) throws IOException;

    public void putPermission(String user, String configure, String write, String read) throws IOException;

    public void clearPermission(String user) throws IOException;

    public void putTopicPermission(String user, String exchange, String write, String read) throws IOException;

    public void deleteUser(String user) throws IOException;
}
