package io.leveret.broker.amqp.behaviour;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.BootDefinitions;
import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.amqp.alarm.AlarmSwitch;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.vhost.VirtualHost;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The broker all tests of the JVM share: the one at the address in the system property {@value #URI_PROPERTY}, such as
 * {@code amqp://guest:guest@localhost:5672}, or else ours, embedded and started for the purpose. Users of another broker
 * are set up by its command line tool, if the system property {@value #CTL_PROPERTY} names it.
 */
final class BrokerUnderTest implements AutoCloseable {
    static final String URI_PROPERTY = "broker.test.uri";
    static final String CTL_PROPERTY = "broker.test.ctl";

    private static final int SILENT_CLOSE_DELAY_MILLIS = 300;

    private final AtomicInteger names = new AtomicInteger();
    private final String run = Long.toString(System.currentTimeMillis() % 1_679_616, 36);
    private final ConnectionFactory factory;
    private final @Nullable Embedded embedded;
    private @Nullable Connection housekeeping;

    private BrokerUnderTest(ConnectionFactory factory, @Nullable Embedded embedded) {
        this.factory = factory;
        this.embedded = embedded;
    }

    /** The JVM's broker, started at the first call and closed after the last test. */
    static BrokerUnderTest get(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(BrokerUnderTest.class))
                .computeIfAbsent(BrokerUnderTest.class, type -> start(), BrokerUnderTest.class);
    }

    /** Whether the tests run against another broker than ours. */
    static boolean isAnother() {
        return !System.getProperty(URI_PROPERTY, "").isEmpty();
    }

    private static BrokerUnderTest start() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setAutomaticRecoveryEnabled(false);
        factory.setChannelRpcTimeout(60_000);
        factory.setHandshakeTimeout(LoopbackClient.PATIENT_HANDSHAKE_MILLIS);
        factory.setChannelShouldCheckRpcResponseType(true);
        if (isAnother()) {
            configure(factory, URI.create(System.getProperty(URI_PROPERTY)));
            return new BrokerUnderTest(factory, null);
        }
        Embedded embedded = Embedded.start();
        factory.setHost("127.0.0.1");
        factory.setPort(embedded.server().port());
        return new BrokerUnderTest(factory, embedded);
    }

    private static void configure(ConnectionFactory factory, URI uri) {
        String[] login = uri.getUserInfo().split(":", 2);
        factory.setHost(uri.getHost());
        factory.setPort(uri.getPort());
        factory.setUsername(login[0]);
        factory.setPassword(login[1]);
    }

    /** A name that nothing on the broker has, at most 32 characters long. */
    String uniqueName(String feature) {
        return feature + '-' + run + '-' + names.incrementAndGet();
    }

    ConnectionFactory factory() {
        return factory.clone();
    }

    /** Its users, null when there is no way to set them up. */
    @Nullable Accounts accounts() {
        if (embedded != null) {
            return new EmbeddedAccounts(embedded.broker());
        }
        String command = System.getProperty(CTL_PROPERTY, "");
        return command.isEmpty() ? null : new CommandLineAccounts(List.of(command.split(" ")));
    }

    /**
     * Turns the firehose of the virtual host {@code /} on or off.
     *
     * @return whether there is a way to do that
     */
    boolean trace(boolean on) throws IOException {
        if (embedded != null) {
            VirtualHost vhost = embedded.broker().virtualHost("/");
            Objects.requireNonNull(vhost).setTraced(on);
            return true;
        }
        CommandLineAccounts tool = tool();
        if (tool != null) {
            tool.run(on ? "trace_on" : "trace_off", "-p", "/");
        }
        return tool != null;
    }

    /** The command line tool of another broker, null if it is ours or the tool is unknown. */
    @Nullable CommandLineAccounts tool() {
        return accounts() instanceof CommandLineAccounts tool ? tool : null;
    }

    boolean isEmbedded() {
        return embedded != null;
    }

    /** What an operator may set, null when there is no way to. */
    @Nullable Administration administration() {
        if (embedded != null) {
            return new EmbeddedAdministration(embedded.broker());
        }
        String command = System.getProperty(CTL_PROPERTY, "");
        return command.isEmpty() ? null : new CommandLineAdministration(List.of(command.split(" ")));
    }

    /** Its alarms; without a way to set them off the test is skipped. */
    AlarmSwitch alarms() {
        return AlarmSwitch.of(embedded == null ? null : embedded.broker());
    }

    /** The connection used to clean up after tests. */
    Connection housekeeping() throws IOException {
        if (housekeeping == null || !housekeeping.isOpen()) {
            try {
                housekeeping = factory().newConnection("housekeeping");
            } catch (TimeoutException e) {
                throw new IOException("the broker did not answer in time", e);
            }
        }
        return housekeeping;
    }

    @Override
    public void close() {
        if (housekeeping != null) {
            housekeeping.abort(2_000);
        }
        if (embedded != null) {
            embedded.close();
        }
    }

    record Embedded(NettyEventLoops loops, Broker broker, AmqpServer server) {
        static Embedded start() {
            return start(BrokerConfig.defaults("test"));
        }

        static Embedded start(BrokerConfig brokerConfig) {
            return start(brokerConfig, new InMemoryDefinitionStore(), null);
        }

        static Embedded start(
                BrokerConfig brokerConfig, DefinitionStore definitions, @Nullable MessageJournal messages) {
            NettyEventLoops loops = NettyEventLoops.start("test", 2);
            Broker broker = Broker.start(brokerConfig, loops, definitions, messages, BootDefinitions.NONE, List.of());
            try {
                AmqpServerConfig config =
                        AmqpServerConfig.loopback(0).withSilentCloseDelayMillis(SILENT_CLOSE_DELAY_MILLIS);
                return new Embedded(loops, broker, AmqpServer.start(broker, loops, config));
            } catch (IOException e) {
                throw new IllegalStateException("the broker could not listen", e);
            }
        }

        void close() {
            server.close();
            broker.close();
            loops.close();
        }
    }
}
