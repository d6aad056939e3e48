package io.leveret.broker.app.traffic;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Declares and deletes durable queues with a message, exchanges and bindings of one name each, and knows which must be there
 * and which must not. One thread at a time.
 */
public final class DefinitionsLedger {
    private static final int MOST_DECLARED = 20;
    private static final int MOST_DELETED = 10;

    private final List<String> declared = new ArrayList<>();
    private final Deque<String> deleted = new ArrayDeque<>();
    private final Set<String> uncertain = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();
    private int next;
    private long answered;

    /** Declares and deletes until the time is over or the connection breaks. */
    public void churn(Connections connections, Random random, Duration time) throws IOException, TimeoutException {
        long end = System.nanoTime() + time.toNanos();
        try (Connection connection = connections.open()) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            while (System.nanoTime() < end) {
                boolean delete = declared.size() == MOST_DECLARED || !declared.isEmpty() && random.nextInt(3) == 0;
                if (delete) {
                    delete(channel, declared.get(random.nextInt(declared.size())));
                } else {
                    declare(channel, deleted.isEmpty() || random.nextBoolean() ? "defined-" + next++ : deleted.peek());
                }
            }
        }
    }

    private void declare(Channel channel, String name) throws IOException {
        uncertain.add(name);
        deleted.remove(name);
        channel.exchangeDeclare(name, BuiltinExchangeType.DIRECT, true);
        channel.queueDeclare(name, true, false, false, null);
        channel.queueBind(name, name, "key");
        channel.basicPublish(name, "key", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[100]);
        awaitConfirm(channel, name);
        uncertain.remove(name);
        declared.add(name);
        answered += 3;
    }

    private void delete(Channel channel, String name) throws IOException {
        uncertain.add(name);
        declared.remove(name);
        channel.queueDelete(name);
        channel.exchangeDelete(name);
        uncertain.remove(name);
        deleted.addLast(name);
        if (deleted.size() > MOST_DELETED) {
            deleted.removeFirst();
        }
        answered += 2;
    }

    /** Looks at a broker that has just started; then also deletes what may or may not have been there. */
    public void check(Connections connections) throws IOException, TimeoutException {
        try (Connection connection = connections.open()) {
            for (String name : declared) {
                List<Integer> ready = new ArrayList<>();
                require(
                        exists(
                                connection,
                                channel -> ready.add(
                                        channel.queueDeclarePassive(name).getMessageCount())),
                        "queue " + name + " is gone");
                require(ready.equals(List.of(1)), "queue " + name + " has " + ready + " messages instead of one");
                require(
                        exists(connection, channel -> channel.exchangeDeclarePassive(name)),
                        "exchange " + name + " is gone");
                require(isBound(connection, name), "the binding of " + name + " is gone");
            }
            for (String name : deleted) {
                require(
                        !exists(connection, channel -> channel.queueDeclarePassive(name)),
                        "queue " + name + " is back");
                require(
                        !exists(connection, channel -> channel.exchangeDeclarePassive(name)),
                        "exchange " + name + " is back");
            }
            Channel channel = connection.createChannel();
            for (Iterator<String> each = uncertain.iterator(); each.hasNext(); ) {
                String name = each.next();
                channel.queueDelete(name);
                channel.exchangeDelete(name);
                each.remove();
                deleted.addLast(name);
            }
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            violations.add("after " + answered + " answers: " + otherwise);
        }
    }

    private static boolean exists(Connection connection, Asking asking) throws IOException {
        Channel channel = connection.createChannel();
        try {
            asking.ask(channel);
            channel.abort();
            return true;
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException signal && !signal.isHardError()) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isBound(Connection connection, String name) throws IOException {
        try (Channel channel = connection.createChannel()) {
            List<String> returned = new ArrayList<>();
            channel.addReturnListener(message -> returned.add(message.getReplyText()));
            channel.confirmSelect();
            channel.basicPublish(name, "key", true, MessageProperties.MINIMAL_BASIC, new byte[0]);
            awaitConfirm(channel, name);
            return returned.isEmpty();
        } catch (ShutdownSignalException e) {
            return false;
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    private static void awaitConfirm(Channel channel, String name) throws IOException {
        try {
            channel.waitForConfirms(60_000);
        } catch (TimeoutException | InterruptedException e) {
            throw new IOException("no confirm from exchange " + name, e);
        }
    }

    private interface Asking {
        void ask(Channel channel) throws IOException;
    }

    /** What contradicts the broker's answers. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** How many changes the broker has answered. */
    public long answered() {
        return answered;
    }
}
