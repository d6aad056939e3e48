package io.leveret.broker.test.client;

import io.leveret.broker.Broker;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.test.time.ManualClock;
import io.leveret.broker.vhost.VirtualHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test asks of a broker in its own process, and does to it. It asks the broker itself: no connection is opened, nothing
 * is consumed, no flag is set by looking.
 *
 * <p>It speaks of one virtual host, at first the broker's default one. Immutable; its methods may be called by any thread but
 * those of the broker. What waits does so for {@link #DEFAULT_TIMEOUT} at most, or for what {@link #within} says, by real time
 * also where the broker has a {@linkplain #advanceTime clock} of its own.
 */
public final class BrokerTestClient {
    /** How long is waited, unless something else is said. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final Broker broker;
    private final @Nullable String vhost;
    private final Duration timeout;

    /** Speaks of the default virtual host of a broker. */
    public BrokerTestClient(Broker broker) {
        this(broker, null, DEFAULT_TIMEOUT);
    }

    private BrokerTestClient(Broker broker, @Nullable String vhost, Duration timeout) {
        this.broker = broker;
        this.vhost = vhost;
        this.timeout = timeout;
    }

    /** The broker itself. */
    public Broker broker() {
        return broker;
    }

    /**
     * The same, with patience of its own.
     *
     * @param longest how long to wait at most; zero to look once
     */
    public BrokerTestClient within(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("nobody can wait for " + longest);
        }
        return new BrokerTestClient(broker, vhost, longest);
    }

    /** The same for another virtual host, which need not be there yet. */
    public BrokerTestClient inVirtualHost(String name) {
        return new BrokerTestClient(broker, name, timeout);
    }

    /** A queue of the virtual host, which need not be there yet. */
    public QueueProbe queue(String name) {
        return new QueueProbe(name, this::virtualHost, new Patience(timeout));
    }

    /**
     * What is ready in a queue, in the order in which it would be delivered. The messages stay where they are, with the marks they
     * have.
     *
     * @throws AssertionError if there is no such queue
     */
    public List<PeekedMessage> messages(String queue) {
        return queue(queue).messages();
    }

    /**
     * The dead letters that are ready in a queue of the virtual host at this moment: queues by their names, in each the order of
     * delivery. What was dead-lettered and went nowhere, or was consumed since, is not among them.
     */
    public List<DeadLetter> deadLetters() {
        List<DeadLetter> letters = new ArrayList<>();
        virtualHost().queues().stream()
                .sorted(Comparator.comparing(QueueRef::name))
                .forEach(queue -> messages(queue.name()).stream()
                        .filter(PeekedMessage::isDeadLetter)
                        .map(DeadLetter::of)
                        .forEach(letters::add));
        return letters;
    }

    /**
     * Empties all queues of all virtual hosts of what is ready, and exchanges of what they hold back or keep, which
     * {@code x-delayed-message} and {@code x-recent-history} do. What consumers have and did not acknowledge stays theirs;
     * exchanges, queues, bindings and all other definitions stay.
     *
     * @return how many messages were ready
     */
    public int purgeAll() {
        return Purge.all(broker, new Patience(timeout));
    }

    /**
     * Undoes what a test may have left behind in the broker: {@link #purgeAll}, and turns the firehose off where it is on. All
     * definitions stay, clients stay connected, a clock is not set back.
     */
    public void reset() {
        for (String name : broker.virtualHosts()) {
            VirtualHost each = broker.virtualHost(name);
            if (each != null) {
                each.setTraced(false);
            }
        }
        purgeAll();
    }

    /**
     * Lets time pass for the broker, which needs a {@linkplain ManualClock clock of its own}: set the property
     * {@code broker.test.manual-clock} to true. See {@link ManualClock#advance} for what is promised.
     *
     * @throws IllegalStateException if the broker goes by the time of the machine, among others
     */
    public void advanceTime(Duration time) {
        clock().advance(time, broker);
    }

    /**
     * The time it is for the broker, on its own clock.
     *
     * @throws IllegalStateException if it goes by the time of the machine
     */
    public Instant now() {
        return clock().now();
    }

    private ManualClock clock() {
        ManualClock clock = ManualClock.of(broker);
        if (clock == null) {
            throw new IllegalStateException("broker " + broker.config().name()
                    + " goes by the time of the machine; set broker.test.manual-clock=true to be able to move it");
        }
        return clock;
    }

    private VirtualHost virtualHost() {
        String name = vhost == null ? defaultVirtualHost() : vhost;
        VirtualHost found = broker.virtualHost(name);
        if (found == null) {
            throw new AssertionError("there is no virtual host '" + name + "' but " + Names.of(broker.virtualHosts()));
        }
        return found;
    }

    /** Definitions may bring others in the place of the configured ones; if it is one, that is meant. */
    private String defaultVirtualHost() {
        String configured = broker.config().virtualHosts().get(0);
        List<String> all = List.copyOf(broker.virtualHosts());
        return !all.contains(configured) && all.size() == 1 ? all.get(0) : configured;
    }
}
