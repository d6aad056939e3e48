package io.leveret.broker.test.junit;

import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.embedded.BrokerSettings;
import io.leveret.broker.test.embedded.StandaloneBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A broker for JUnit tests without Spring. Register it in a static field, or with {@code @ExtendWith} if it needs no settings:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final BrokerExtension BROKER = BrokerExtension.builder().manualClock().build();
 *
 * @Test
 * void publishes(ConnectionFactory factory, BrokerTestClient client) { ... }
 * }</pre>
 *
 * <p>Each instance has a broker of its own on a free port. It starts before the first test of the classes that register the
 * instance, and stays as it is from test to test. It is closed when the whole run is over; if clients are connected even then,
 * as those of a Spring context that is kept are, not before such contexts are closed. Test parameters of the types
 * {@link Broker}, {@link ConnectionFactory} of RabbitMQ's client, and {@link BrokerTestClient} are resolved; a class with several
 * brokers asks their extensions instead. Safe for classes that run at the same time.
 */
public final class BrokerExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

    private final BrokerSettings settings;
    private final boolean persistent;
    private final AtomicReference<RunOfBroker> run = new AtomicReference<>();

    /** One with the starter's defaults. */
    public BrokerExtension() {
        this(new BrokerSettings(List.of(), List.of()), false);
    }

    private BrokerExtension(BrokerSettings settings, boolean persistent) {
        this.settings = settings;
        this.persistent = persistent;
    }

    /** Begins with the starter's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Broker.class || type == ConnectionFactory.class || type == BrokerTestClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        StandaloneBroker running = running(context).broker();
        Class<?> type = parameter.getParameter().getType();
        if (type == Broker.class) {
            return running.broker();
        }
        return type == BrokerTestClient.class ? running.client() : running.connectionFactory();
    }

    /** The root's store closes it, after those of all classes. */
    private RunOfBroker running(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(this, self -> begin(), RunOfBroker.class);
    }

    private RunOfBroker begin() {
        RunOfBroker begun = RunOfBroker.begin(settings, persistent);
        run.set(begun);
        return begun;
    }

    private StandaloneBroker current() {
        RunOfBroker current = run.get();
        if (current == null) {
            throw new IllegalStateException("the broker starts before all tests of a class that registers the extension"
                    + " in a static field, or with @ExtendWith");
        }
        return current.broker();
    }

    /** The broker. */
    public Broker broker() {
        return current().broker();
    }

    /** The port it listens on; the same after a {@link #restart}. */
    public int port() {
        return current().port();
    }

    /** A new factory of connections to it; yours to change. */
    public ConnectionFactory connectionFactory() {
        return current().connectionFactory();
    }

    /** A client that looks into it. */
    public BrokerTestClient client() {
        return current().client();
    }

    /**
     * Stops the broker and starts it again on the same port, with what it had if it is {@linkplain Builder#persistent persistent}
     * and with nothing otherwise. A clock of its own goes on from where it stood. What was asked of this extension before is of the old one. Not while other tests use it.
     */
    public void restart() {
        current();
        run.get().restart();
    }

    /** Settings of a broker for tests. */
    public static final class Builder {
        private final List<String> definitions = new ArrayList<>();
        private final List<String> properties = new ArrayList<>();
        private boolean persistent;

        private Builder() {}

        /** Adds definitions files to import, such as {@code classpath:definitions.json}. */
        public Builder definitions(String... locations) {
            definitions.addAll(List.of(locations));
            return this;
        }

        /** Adds properties {@code name=value}, such as {@code broker.limits.max-message-size=1MB}. */
        public Builder properties(String... namesAndValues) {
            properties.addAll(List.of(namesAndValues));
            return this;
        }

        /** Lets it go by a clock that stands still until {@link BrokerTestClient#advanceTime}. */
        public Builder manualClock() {
            return properties("broker.test.manual-clock=true");
        }

        /**
         * Lets it keep what is durable, in a new directory that is deleted after it; needs the module {@code broker-store-jpa}. See
         * {@link BrokerExtension#restart}.
         */
        public Builder persistent() {
            persistent = true;
            return this;
        }

        public BrokerExtension build() {
            return new BrokerExtension(new BrokerSettings(definitions, properties), persistent);
        }
    }
}
