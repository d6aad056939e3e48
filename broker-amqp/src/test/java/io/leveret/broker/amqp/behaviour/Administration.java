package io.leveret.broker.amqp.behaviour;

import java.io.IOException;
import java.util.Map;

/** What an operator sets on the broker under test. What it refuses is an {@link IOException} with its text. */
public interface Administration {
    /** In virtual host {@code /}. */
    void putPolicy(String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException;

    void clearPolicy(String name) throws IOException;

    /** In virtual host {@code /}. */
    void putOperatorPolicy(String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException;

    void clearOperatorPolicy(String name) throws IOException;

    /** In virtual host {@code /}. */
    void putParameter(String component, String name, Object value) throws IOException;

    void putVirtualHost(String name) throws IOException;

    void deleteVirtualHost(String name) throws IOException;

    void putPermission(String user, String vhost, String configure, String write, String read) throws IOException;

    void putVirtualHostLimit(String vhost, String limit, long value) throws IOException;

    void putUserLimit(String user, String limit, long value) throws IOException;

    void changePassword(String user, String password) throws IOException;
}
