package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.text;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.journal.InMemoryMessageJournal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker that keeps definitions and messages and can be stopped and started in the middle of a test: one of ours that is
 * started for each test, or the one under test by way of its command line tool. Connections are to be opened anew after that.
 */
public final class DurableBroker implements BeforeEachCallback, AfterEachCallback {
    private static final int CLOSE_TIMEOUT_MILLIS = 2_000;

    private final List<Connection> connections = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final InMemoryDefinitionStore definitions = new InMemoryDefinitionStore();
    private InMemoryMessageJournal messages = new InMemoryMessageJournal();
    private @Nullable BrokerUnderTest node;
    private BrokerUnderTest.@Nullable Embedded embedded;
    private String feature = "";

    @Override
    public void beforeEach(ExtensionContext context) {
        node = BrokerUnderTest.get(context);
        feature = context.getRequiredTestClass().getSimpleName().replace("Tests", "");
        if (node.isEmbedded()) {
            start();
        } else {
            Assumptions.assumeTrue(node.tool() != null, "it can't be stopped: no " + BrokerUnderTest.CTL_PROPERTY);
        }
    }

    private void start() {
        embedded = BrokerUnderTest.Embedded.start(BrokerConfig.defaults("durable"), definitions, messages);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        abortConnections();
        if (embedded != null) {
            messages.releaseCommits();
            embedded.close();
            return;
        }
        Channel channel = node().housekeeping().createChannel();
        for (String name : names) {
            channel.queueDelete(name);
            channel.exchangeDelete(name);
        }
        channel.abort();
    }

    private void abortConnections() {
        connections.forEach(each -> each.abort(CLOSE_TIMEOUT_MILLIS));
        connections.clear();
    }

    private BrokerUnderTest node() {
        if (node == null) {
            throw new IllegalStateException("no test is running");
        }
        return node;
    }

    /** A name that nothing has, of a queue or an exchange that is deleted after the test. */
    public String name() {
        String name = node().uniqueName(feature);
        names.add(name);
        return name;
    }

    /** A channel on a new connection. */
    public Channel channel() throws IOException {
        return connect(factory -> {}).createChannel();
    }

    public Connection connect(Consumer<ConnectionFactory> settings) throws IOException {
        ConnectionFactory factory = node().factory();
        if (embedded != null) {
            factory.setPort(embedded.server().port());
        }
        settings.accept(factory);
        try {
            Connection connection = factory.newConnection(feature);
            connections.add(connection);
            return connection;
        } catch (TimeoutException e) {
            throw new IOException("the broker did not answer in time", e);
        }
    }

    /** Declares a durable shared queue and gives its name. */
    public String queue(Channel channel) throws IOException {
        return queue(channel, Map.of());
    }

    /** Declares a durable shared queue with arguments and gives its name. */
    public String queue(Channel channel, Map<String, Object> arguments) throws IOException {
        return channel.queueDeclare(name(), true, false, false, arguments).getQueue();
    }

    /** Stops the broker in good order, with connections open, and starts it again. */
    public void restart() throws IOException {
        restart(() -> {});
    }

    /** The same with something done in between. */
    public void restart(Runnable meanwhile) throws IOException {
        if (embedded != null) {
            embedded.close();
            abortConnections();
            meanwhile.run();
            messages = messages.restarted();
            start();
        } else {
            CommandLineAccounts tool = node().tool();
            if (tool == null) {
                throw new IllegalStateException("there is no way to stop it");
            }
            tool.run("stop_app");
            abortConnections();
            meanwhile.run();
            tool.run("start_app");
        }
    }

    /** Ends the broker without a chance to do anything, and starts it again. Only ours can do that. */
    public void crash() {
        BrokerUnderTest.Embedded ended = embedded;
        Assumptions.assumeTrue(ended != null, "another broker can't be ended that way");
        InMemoryMessageJournal left = messages.restarted();
        messages.releaseCommits();
        ended.close();
        abortConnections();
        messages = left;
        start();
    }

    /** Where ours writes what it keeps; with another broker the test is skipped. */
    public InMemoryMessageJournal journal() {
        Assumptions.assumeTrue(embedded != null, "another broker's disk can't be made slow");
        return messages;
    }

    /** Takes all that is ready in the queue, in order; redelivered ones with an asterisk. */
    public static List<String> drain(Channel channel, String queue) throws IOException {
        List<String> bodies = new ArrayList<>();
        for (GetResponse got = channel.basicGet(queue, true); got != null; got = channel.basicGet(queue, true)) {
            bodies.add(text(got.getBody()) + (got.getEnvelope().isRedeliver() ? "*" : ""));
        }
        return bodies;
    }
}
