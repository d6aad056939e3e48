package io.leveret.broker.test.embedded;

import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig.FirstUser;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.test.autoconfigure.ManualClockAutoConfiguration;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.time.ManualClock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;

/**
 * A broker that belongs to no application. It goes by the settings it is given and by nothing else: neither system properties
 * nor the environment nor an {@code application.properties}. Any thread but those of the broker.
 */
public final class StandaloneBroker implements AutoCloseable {
    /** What an application's context takes over in the place of its own; in the order of their making. */
    private static final List<String> SHARED = List.of("brokerEventLoops", "brokerStorage", "broker", "amqpServer");

    private static final long LAST_CLIENT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final AnnotationConfigApplicationContext context;
    private final Broker broker;
    private final AmqpServer server;

    private StandaloneBroker(AnnotationConfigApplicationContext context) {
        this.context = context;
        this.broker = context.getBean(Broker.class);
        this.server = context.getBean(AmqpServer.class);
    }

    /**
     * Starts one; a client can connect when this returns. Fails as the start of an application with these settings does.
     */
    public static StandaloneBroker start(BrokerSettings settings) {
        return start(settings.asProperties(), null);
    }

    /**
     * The same with properties alone.
     *
     * @param clock what it goes by; null for what the properties say
     */
    public static StandaloneBroker start(Map<String, Object> properties, @Nullable ManualClock clock) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        OwnEnvironment environment = new OwnEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("broker", new LinkedHashMap<>(properties)));
        context.setEnvironment(environment);
        if (clock != null) {
            context.registerBean("brokerClock", ManualClock.class, () -> clock);
        }
        context.register(ManualClockAutoConfiguration.class, BrokerAutoConfiguration.class);
        context.refresh();
        return new StandaloneBroker(context);
    }

    /** One in which nothing stands that nobody has put there. */
    private static final class OwnEnvironment extends StandardEnvironment {
        @Override
        protected void customizePropertySources(MutablePropertySources propertySources) {}
    }

    public Broker broker() {
        return broker;
    }

    /** The port it listens on for AMQP. */
    public int port() {
        return server.port();
    }

    /** A client that looks into it. */
    public BrokerTestClient client() {
        return new BrokerTestClient(broker);
    }

    /** A new factory of connections to its default virtual host, as its first user; yours to change. */
    public ConnectionFactory connectionFactory() {
        FirstUser user = broker.config().users().get(0);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port());
        factory.setUsername(user.name());
        factory.setPassword(user.password());
        factory.setVirtualHost(broker.config().virtualHosts().get(0));
        return factory;
    }

    /** Its parts by the names that they have as beans of an application with an embedded broker. */
    public Map<String, Object> parts() {
        Map<String, Object> parts = new LinkedHashMap<>();
        SHARED.forEach(name -> parts.put(name, context.getBean(name)));
        return parts;
    }

    /**
     * Closes it now if no client is connected, otherwise when the JVM ends, after all application contexts: one that is kept for
     * later tests may still use it.
     *
     * @param then what to do when it is closed
     */
    public void closeAfterClients(Runnable then) {
        Runnable closing = () -> {
            close();
            then.run();
        };
        if (awaitNoClient() || !closedAtEnd(closing)) {
            closing.run();
        }
    }

    /** One that has just gone may not have been missed yet. */
    private boolean awaitNoClient() {
        long deadline = System.nanoTime() + LAST_CLIENT_NANOS;
        while (server.connectionCount() > 0) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private static boolean closedAtEnd(Runnable closing) {
        try {
            SpringApplication.getShutdownHandlers().add(closing);
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    /** Stops it; clients that are connected are told so. A second time does nothing. */
    @Override
    public void close() {
        context.close();
    }
}
