package io.leveret.broker.amqp.behaviour;

import io.leveret.broker.Broker;
import io.leveret.broker.definition.Definition;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Our broker in this JVM. */
record EmbeddedAdministration(Broker broker) implements Administration {
    @Override
    public void putPolicy(String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException {
        await(broker.putPolicy(new Definition.Policy("/", name, false, pattern, applyTo, priority, definition)));
    }

    @Override
    public void clearPolicy(String name) throws IOException {
        await(broker.clearPolicy("/", name, false));
    }

    @Override
    public void putOperatorPolicy(
            String name, String pattern, String applyTo, int priority, Map<String, Object> definition)
            throws IOException {
        await(broker.putPolicy(new Definition.Policy("/", name, true, pattern, applyTo, priority, definition)));
    }

    @Override
    public void clearOperatorPolicy(String name) throws IOException {
        await(broker.clearPolicy("/", name, true));
    }

    @Override
    public void putParameter(String component, String name, Object value) throws IOException {
        await(broker.putParameter(new Definition.Parameter("/", component, name, value)));
    }

    @Override
    public void putVirtualHost(String name) throws IOException {
        await(broker.putVirtualHost(name));
    }

    @Override
    public void deleteVirtualHost(String name) throws IOException {
        await(broker.deleteVirtualHost(name));
    }

    @Override
    public void putPermission(String user, String vhost, String configure, String write, String read)
            throws IOException {
        await(broker.putPermission(user, vhost, configure, write, read));
    }

    @Override
    public void putVirtualHostLimit(String vhost, String limit, long value) throws IOException {
        await(broker.putVirtualHostLimit(vhost, limit, value));
    }

    @Override
    public void putUserLimit(String user, String limit, long value) throws IOException {
        await(broker.putUserLimit(user, limit, value));
    }

    @Override
    public void changePassword(String user, String password) throws IOException {
        await(broker.putUser(user, password, Set.of()));
    }

    private static void await(CompletableFuture<?> change) throws IOException {
        try {
            change.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }
}
