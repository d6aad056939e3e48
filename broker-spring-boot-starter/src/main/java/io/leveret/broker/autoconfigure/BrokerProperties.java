package io.leveret.broker.autoconfigure;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.BrokerConfig.FirstUser;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.channel.Interception;
import io.leveret.broker.limit.AlarmConfig;
import io.leveret.broker.limit.MemoryWatermark;
import io.leveret.broker.limit.NodeLimits;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the broker. Every value is checked when it is bound: what the broker cannot run with is an
 * {@link InvalidBrokerPropertyException}.
 *
 * @param enabled Whether to start a broker in this application. When set to true, a broker is started even if
 *     spring.rabbitmq.* names another one.
 * @param name Name of the node, in logs and thread names. When not set, embedded- and a random number.
 * @param address Address to listen on for AMQP. An address other than loopback needs a password that isn't the default.
 * @param port Port to listen on for AMQP without TLS. Use 0 for any free one; local.broker.port has the answer. Use -1 for
 *     none, where there is a port with TLS.
 * @param ssl TLS for AMQP.
 * @param username Name of the first user, an administrator with all permissions.
 * @param password Password of the first user.
 * @param virtualHosts Virtual hosts of the first start. The first one is the default.
 * @param users Further users of the first start, with all permissions on all virtual hosts.
 * @param loopbackUsers Names of the users that may log in from the loopback interface only.
 * @param anonymousUser Name of the user that a client with the mechanism ANONYMOUS is; empty to refuse such clients.
 *     When not set, guest as long as its password is the default.
 * @param definitions Locations of definitions files of RabbitMQ to import at every start, in this order. A location
 *     without a prefix such as classpath: is a path.
 * @param ioThreads Number of threads that do the work, 0 for one a processor. When not set, two, or one on a single
 *     processor.
 * @param defaultQueueType Type of the queues that are declared without one, where their virtual host has no default of its
 *     own.
 * @param serverProperties Properties to add to, or replace in, those a client is told when it connects.
 * @param consumerTimeout Time a client may take to acknowledge a delivery before its channel is closed, 0 for any.
 * @param persistent Whether durable definitions and messages outlive the process. Needs the module broker-store-jpa. When
 *     false, nothing is written to disk.
 * @param dataDirectory Directory of the database of a persistent broker that is given no other one.
 * @param store Where a persistent broker keeps its data, if not in a file of its own.
 * @param messageMemory How much memory the messages of all queues may take before those that are on disk, or can be, leave
 *     it. When not set, a fifth of the heap, at most 128 MB. Without effect on a broker that is not persistent.
 * @param limits Limits for clients, and for what they may declare.
 * @param interceptors What is added to the messages that clients publish.
 * @param alarms When clients that publish are stopped because memory or disk space runs short.
 * @param permit Deprecated features that are still permitted.
 */
@ConfigurationProperties("broker")
public record BrokerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("") String name,
        @DefaultValue("127.0.0.1") InetAddress address,
        @DefaultValue("0") int port,
        @DefaultValue Ssl ssl,
        @DefaultValue("guest") String username,
        @DefaultValue("guest") String password,
        @DefaultValue("/") List<String> virtualHosts,
        @DefaultValue List<User> users,
        @DefaultValue("guest") Set<String> loopbackUsers,
        @Nullable String anonymousUser,
        @DefaultValue List<String> definitions,
        @Nullable Integer ioThreads,
        @DefaultValue("classic") String defaultQueueType,
        @DefaultValue Map<String, String> serverProperties,
        @DefaultValue("0") Duration consumerTimeout,
        @DefaultValue("false") boolean persistent,
        @DefaultValue("data") String dataDirectory,
        @DefaultValue Store store,
        @Nullable DataSize messageMemory,
        @DefaultValue Limits limits,
        @DefaultValue Interceptors interceptors,
        @DefaultValue Alarms alarms,
        @DefaultValue Permit permit) {

    private static final String DEFAULT_USER = "guest";
    private static final String DEFAULT_PASSWORD = "guest";
    private static final String WATERMARK = "broker.alarms.memory-watermark";
    private static final String HIBERNATE = "hibernate.";
    private static final Pattern DATABASE_URL = Pattern.compile("jdbc:(h2|postgresql):");
    private static final Pattern PART = Pattern.compile("[01]|0?\\.\\d+|1\\.0+");
    private static final int SHORT_STRING_MAX = 255;
    private static final int MAX_IO_THREADS = 256;
    private static final int SILENT_CLOSE_DELAY_MILLIS = 3_000;
    private static final Duration MAX_CONSUMER_TIMEOUT = Duration.ofDays(365);
    private static final Set<String> QUEUE_TYPES = Set.of("classic", "quorum", "stream");

    public BrokerProperties {
        if (name.isEmpty()) {
            name = "embedded-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000000));
        }
        requireShortText("broker.name", name);
        requireRange(
                "broker.port",
                port,
                ssl.isEnabled() ? AmqpServer.NO_PORT : 0,
                65_535,
                "0 (any free port) to 65535, or -1 (none) together with broker.ssl.bundle");
        requireShortText("broker.username", username);
        if (definitions.isEmpty()) {
            requirePassword("broker.password", password, address);
        } else if (password.isEmpty()) {
            throw new InvalidBrokerPropertyException("broker.password", "", "a password of at least one character");
        }
        if (virtualHosts.isEmpty()) {
            throw new InvalidBrokerPropertyException("broker.virtual-hosts", "", "at least one name");
        }
        requireDistinct("broker.virtual-hosts", virtualHosts);
        Set<String> userNames = new HashSet<>(Set.of(username));
        for (int i = 0; i < users.size(); i++) {
            User user = users.get(i);
            String key = "broker.users[" + i + "]";
            requireShortText(key + ".name", user.name());
            requirePassword(key + ".password", user.password(), address);
            if (!userNames.add(user.name())) {
                throw new InvalidBrokerPropertyException(
                        key + ".name", user.name(), "a name that neither broker.username nor another user has");
            }
        }
        if (anonymousUser != null && !anonymousUser.isEmpty() && !userNames.contains(anonymousUser)) {
            throw new InvalidBrokerPropertyException(
                    "broker.anonymous-user",
                    anonymousUser,
                    "empty, or the name of a user in broker.username or broker.users");
        }
        if (ioThreads != null) {
            requireRange("broker.io-threads", ioThreads, 0, MAX_IO_THREADS, "0 (one a processor) to " + MAX_IO_THREADS);
        }
        requireRange(
                "broker.consumer-timeout",
                text(consumerTimeout),
                consumerTimeout.toMillis(),
                0,
                MAX_CONSUMER_TIMEOUT.toMillis(),
                "0 (none) to 365d");
        if (!QUEUE_TYPES.contains(defaultQueueType)) {
            throw new InvalidBrokerPropertyException(
                    "broker.default-queue-type", defaultQueueType, "classic, quorum or stream");
        }
        if (limits.maxVirtualHosts() > 0 && virtualHosts.size() > limits.maxVirtualHosts()) {
            throw new InvalidBrokerPropertyException(
                    "broker.limits.max-virtual-hosts",
                    Integer.toString(limits.maxVirtualHosts()),
                    "0 (no limit), or at least the number of names in broker.virtual-hosts, " + virtualHosts.size());
        }
        requirePath("broker.data-directory", dataDirectory);
        if (messageMemory != null && messageMemory.isNegative()) {
            throw new InvalidBrokerPropertyException(
                    "broker.message-memory", messageMemory.toString(), "0B (as little as possible) or more");
        }
        virtualHosts = List.copyOf(virtualHosts);
        users = List.copyOf(users);
        loopbackUsers = Set.copyOf(loopbackUsers);
        definitions = List.copyOf(definitions);
        serverProperties = Map.copyOf(serverProperties);
    }

    /**
     * A user of the first start.
     *
     * @param name Name to log in with.
     * @param password Password to log in with.
     * @param tags Tags, such as administrator or monitoring.
     */
    public record User(
            @DefaultValue("") String name,
            @DefaultValue("") String password,
            @DefaultValue Set<String> tags) {
        public User {
            tags = Set.copyOf(tags);
        }

        @Override
        public String toString() {
            return "User[name=" + name + ", tags=" + tags + "]";
        }
    }

    /**
     * TLS for AMQP.
     *
     * @param enabled Whether to listen with TLS. When not set, it depends on whether there is a bundle.
     * @param bundle Name of the SSL bundle with the broker's key and certificate, and with those it trusts.
     * @param port Port to listen on for AMQP with TLS. Use 0 for any free one; local.broker.ssl.port has the answer.
     * @param clientAuth Certificates that clients are asked for.
     * @param clientBundle Name of the SSL bundle that this application connects to the broker with. When not set, that of
     *     the broker.
     */
    public record Ssl(
            @Nullable Boolean enabled,
            @DefaultValue("") String bundle,
            @DefaultValue("0") int port,
            @DefaultValue("none") ClientAuth clientAuth,
            @DefaultValue("") String clientBundle) {
        public Ssl {
            requireRange("broker.ssl.port", port, 0, 65_535, "0 (any free port) to 65535");
            if (Boolean.TRUE.equals(enabled) && bundle.isEmpty()) {
                throw new InvalidBrokerPropertyException(
                        "broker.ssl.bundle", "", "the name of an SSL bundle while broker.ssl.enabled is true");
            }
        }

        /** Whether to listen with TLS. */
        public boolean isEnabled() {
            return enabled == null ? !bundle.isEmpty() : enabled;
        }
    }

    /**
     * Where a persistent broker keeps its data, if not in a file of its own. A DataSource bean that is marked with
     * BrokerDataSource goes before all of this.
     *
     * @param url JDBC URL of the database, of H2 or PostgreSQL. When not set, a file of H2 in the data directory.
     * @param username User of that database, who has to be allowed to make tables.
     * @param password Password of that user.
     * @param properties Further settings of Hibernate, such as hibernate.jdbc.batch_size.
     * @param backupDirectory Directory that the endpoint brokerbackup writes to. When not set, backup in the data directory.
     * @param useApplicationDataSource Whether to use the DataSource of the application, with tables called broker_...
     */
    public record Store(
            @Nullable String url,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue Map<String, String> properties,
            @Nullable String backupDirectory,
            @DefaultValue("false") boolean useApplicationDataSource) {
        public Store {
            if (url != null && !DATABASE_URL.matcher(url).lookingAt()) {
                throw new InvalidBrokerPropertyException(
                        "broker.store.url",
                        withoutParameters(url),
                        "a URL that begins with jdbc:h2: or jdbc:postgresql:");
            }
            if (url == null && (username != null || password != null)) {
                throw new InvalidBrokerPropertyException(
                        username != null ? "broker.store.username" : "broker.store.password",
                        username != null ? username : "******",
                        "none without broker.store.url");
            }
            if (url != null && useApplicationDataSource) {
                throw new InvalidBrokerPropertyException(
                        "broker.store.use-application-data-source", "true", "false together with broker.store.url");
            }
            if (backupDirectory != null) {
                requirePath("broker.store.backup-directory", backupDirectory);
            }
            properties.forEach((name, value) -> {
                if (!name.startsWith(HIBERNATE)) {
                    throw new InvalidBrokerPropertyException(
                            "broker.store.properties." + name,
                            value,
                            "only settings of Hibernate, whose names begin with " + HIBERNATE);
                }
            });
            properties = Map.copyOf(properties);
        }

        private static String withoutParameters(String url) {
            return url.split("[;?]", 2)[0];
        }

        /** Leaves the password out, and what else of it may be in the URL. */
        @Override
        public String toString() {
            return "Store[url=" + (url == null ? null : withoutParameters(url)) + ", username=" + username + "]";
        }
    }

    /**
     * Limits for clients, and for what they may declare.
     *
     * @param channelMax Most channels a connection may have open, 0 for no limit.
     * @param frameMax Largest frame, 0 for no limit.
     * @param heartbeat Heartbeat to propose to clients, 0 for none.
     * @param maxMessageSize Largest message body.
     * @param handshakeTimeout Time a client may take from connecting to an open connection.
     * @param maxConsumersPerChannel Most consumers a channel may have, 0 for no limit.
     * @param defaultPrefetch Most unacknowledged messages of a consumer on a channel that never set a prefetch, 0 for no
     *     limit.
     * @param maxConnections Most connections that may be open, 0 for no limit.
     * @param maxChannels Most channels that all connections together may have open, 0 for no limit.
     * @param maxVirtualHosts Most virtual hosts there may be, 0 for no limit.
     * @param maxQueues Most queues there may be in all virtual hosts together, 0 for no limit.
     * @param maxExchanges Most exchanges there may be in all virtual hosts together, 0 for no limit. Each virtual host has
     *     seven from the beginning.
     */
    public record Limits(
            @DefaultValue("2047") int channelMax,
            @DefaultValue("128KB") DataSize frameMax,
            @DefaultValue("60s") Duration heartbeat,
            @DefaultValue("16MB") DataSize maxMessageSize,
            @DefaultValue("10s") Duration handshakeTimeout,
            @DefaultValue("0") int maxConsumersPerChannel,
            @DefaultValue("0") int defaultPrefetch,
            @DefaultValue("0") int maxConnections,
            @DefaultValue("0") int maxChannels,
            @DefaultValue("0") int maxVirtualHosts,
            @DefaultValue("0") int maxQueues,
            @DefaultValue("0") int maxExchanges) {
        public Limits {
            requireRange("broker.limits.channel-max", channelMax, 0, 65_535, "0 (no limit) to 65535");
            if (frameMax.toBytes() != 0) {
                requireRange(
                        "broker.limits.frame-max",
                        frameMax,
                        frameMax.toBytes(),
                        AmqpServerConfig.FRAME_MIN_SIZE,
                        Integer.MAX_VALUE,
                        "0 (no limit), or 8KB to 2147483647B");
            }
            if (heartbeat.toNanosPart() != 0) {
                throw new InvalidBrokerPropertyException(
                        "broker.limits.heartbeat", text(heartbeat), "a whole number of seconds");
            }
            requireRange(
                    "broker.limits.heartbeat", text(heartbeat), heartbeat.toSeconds(), 0, 65_535, "0 (none) to 65535s");
            requireRange(
                    "broker.limits.max-message-size",
                    maxMessageSize,
                    maxMessageSize.toBytes(),
                    1,
                    BrokerConfig.MAX_MESSAGE_SIZE_CAP,
                    "1B to 512MB");
            requireRange(
                    "broker.limits.handshake-timeout",
                    text(handshakeTimeout),
                    handshakeTimeout.toMillis(),
                    1,
                    Duration.ofDays(1).toMillis(),
                    "1ms to 1d");
            requireRange("broker.limits.default-prefetch", defaultPrefetch, 0, 65_535, "0 (no limit) to 65535");
            requireCount("broker.limits.max-consumers-per-channel", maxConsumersPerChannel);
            requireCount("broker.limits.max-connections", maxConnections);
            requireCount("broker.limits.max-channels", maxChannels);
            requireCount("broker.limits.max-virtual-hosts", maxVirtualHosts);
            requireCount("broker.limits.max-queues", maxQueues);
            requireCount("broker.limits.max-exchanges", maxExchanges);
        }

        NodeLimits ofNode() {
            return new NodeLimits(maxConnections, maxChannels, maxVirtualHosts, maxQueues, maxExchanges);
        }
    }

    /**
     * What is added to the messages that clients publish.
     *
     * @param timestamp Whether to set the header timestamp_in_ms and the property timestamp to the time of the publish.
     * @param routingNode Whether to set the header x-routed-by to the name of the node.
     */
    public record Interceptors(
            @DefaultValue("off") Interception timestamp,
            @DefaultValue("off") Interception routingNode) {}

    /**
     * When clients that publish are stopped because memory or disk space runs short.
     *
     * @param enabled Whether to watch memory and disk.
     * @param memoryWatermark Memory that may be in use: a part of what the JVM may take, such as 0.6, or a size, such as 2GB.
     * @param diskFreeLimit Disk space that has to be free, 0 for none.
     */
    public record Alarms(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("0.6") String memoryWatermark,
            @DefaultValue("50MB") DataSize diskFreeLimit) {
        public Alarms {
            watermark(memoryWatermark);
            requireRange(
                    "broker.alarms.disk-free-limit",
                    diskFreeLimit,
                    diskFreeLimit.toBytes(),
                    0,
                    Long.MAX_VALUE,
                    "0 (none) or a size such as 50MB");
        }

        /** @param directory the one whose disk must not run full; null for the working directory */
        AlarmConfig toAlarmConfig(@Nullable Path directory) {
            return enabled
                    ? AlarmConfig.watching(
                            watermark(memoryWatermark),
                            diskFreeLimit.toBytes(),
                            directory == null ? Path.of("") : directory)
                    : AlarmConfig.OFF;
        }

        /** A number is a part, whatever has a unit is a size, as in RabbitMQ's relative and absolute watermarks. */
        private static MemoryWatermark watermark(String text) {
            try {
                if (PART.matcher(text).matches()) {
                    return MemoryWatermark.part(Double.parseDouble(text));
                }
                long bytes = DataSize.parse(text).toBytes();
                if (bytes >= 0 && !Character.isDigit(text.charAt(text.length() - 1))) {
                    return MemoryWatermark.bytes(bytes);
                }
            } catch (IllegalArgumentException notASize) {
                throw wrongWatermark(text, notASize);
            }
            throw wrongWatermark(text, null);
        }

        private static InvalidBrokerPropertyException wrongWatermark(String text, @Nullable Throwable cause) {
            return new InvalidBrokerPropertyException(
                    WATERMARK,
                    text,
                    "a part such as 0.6, from 0.0 to 1.0, or a size with its unit, such as 512MB",
                    cause);
        }
    }

    /**
     * Deprecated features that are still permitted.
     *
     * @param transientNonexclusiveQueues Whether clients may declare queues that are neither durable nor exclusive.
     * @param globalQos Whether clients may ask for a prefetch that all consumers of a channel share.
     * @param queueMasterLocator Whether clients may declare queues with x-queue-master-locator, which has no effect.
     */
    public record Permit(
            @DefaultValue("true") boolean transientNonexclusiveQueues,
            @DefaultValue("true") boolean globalQos,
            @DefaultValue("false") boolean queueMasterLocator) {}

    /** Where copies of the data go. */
    Path backupDirectory() {
        return store.backupDirectory() == null ? Path.of(dataDirectory, "backup") : Path.of(store.backupDirectory());
    }

    /** The number of event loops that these settings ask for. */
    int ioThreadCount() {
        int processors = Runtime.getRuntime().availableProcessors();
        if (ioThreads == null) {
            return Math.min(2, processors);
        }
        return ioThreads == 0 ? processors : ioThreads;
    }

    /**
     * The check of the first password that binding leaves out where definitions may bring other users.
     *
     * @throws InvalidBrokerPropertyException for the default password on an address that others can reach
     */
    void requireFirstPassword() {
        requirePassword("broker.password", password, address);
    }

    /**
     * What the broker itself is started with.
     *
     * @param directory the one whose disk must not run full; null for the working directory
     */
    BrokerConfig toBrokerConfig(@Nullable Path directory) {
        return toBrokerConfigBuilder(directory).build();
    }

    /** The same, to be changed further. */
    BrokerConfig.Builder toBrokerConfigBuilder(@Nullable Path directory) {
        List<FirstUser> firstUsers = new ArrayList<>();
        firstUsers.add(new FirstUser(username, password, Set.of("administrator")));
        users.forEach(user -> firstUsers.add(new FirstUser(user.name(), user.password(), user.tags())));
        FirstUser anonymous = anonymous(firstUsers);
        BrokerConfig.Builder config = BrokerConfig.builder(name);
        if (messageMemory != null) {
            config.messageMemoryBytes(messageMemory.toBytes());
        }
        return config.virtualHosts(virtualHosts)
                .users(firstUsers)
                .loopbackUsers(loopbackUsers)
                .anonymous(anonymous == null ? "" : anonymous.name(), anonymous == null ? "" : anonymous.password())
                .maxMessageSize(Math.toIntExact(limits.maxMessageSize().toBytes()))
                .maxConsumersPerChannel(limits.maxConsumersPerChannel())
                .defaultPrefetch(limits.defaultPrefetch())
                .consumerTimeoutMillis(consumerTimeout.toMillis())
                .timestampInterception(interceptors.timestamp())
                .routingNodeInterception(interceptors.routingNode())
                .permitTransientNonexclusiveQueues(permit.transientNonexclusiveQueues())
                .permitGlobalQos(permit.globalQos())
                .permitQueueMasterLocator(permit.queueMasterLocator())
                .defaultQueueType(defaultQueueType)
                .limits(limits.ofNode())
                .alarms(alarms.toAlarmConfig(directory));
    }

    /** What the AMQP listener is started with. */
    AmqpServerConfig toAmqpServerConfig() {
        return new AmqpServerConfig(
                address,
                port,
                limits.channelMax(),
                Math.toIntExact(limits.frameMax().toBytes()),
                Math.toIntExact(limits.heartbeat().toSeconds()),
                Math.toIntExact(limits.handshakeTimeout().toMillis()),
                SILENT_CLOSE_DELAY_MILLIS,
                serverProperties);
    }

    // RabbitMQ's anonymous login is guest with password guest, so that a changed password also ends anonymous logins.
    private @Nullable FirstUser anonymous(List<FirstUser> firstUsers) {
        for (FirstUser user : firstUsers) {
            boolean isDefault =
                    user.name().equals(DEFAULT_USER) && user.password().equals(DEFAULT_PASSWORD);
            if (anonymousUser == null ? isDefault : user.name().equals(anonymousUser)) {
                return user;
            }
        }
        return null;
    }

    /** Leaves the passwords out. */
    @Override
    public String toString() {
        return "BrokerProperties[name=" + name + ", address=" + address + ", port=" + port + "]";
    }

    private static void requireCount(String property, int value) {
        requireRange(property, value, 0, Integer.MAX_VALUE, "0 (no limit) to 2147483647");
    }

    private static void requireRange(String property, int value, int min, int max, String allowed) {
        requireRange(property, value, value, min, max, allowed);
    }

    private static void requireRange(String property, Object shown, long value, long min, long max, String allowed) {
        if (value < min || value > max) {
            throw new InvalidBrokerPropertyException(property, shown.toString(), allowed);
        }
    }

    private static void requireShortText(String property, String value) {
        if (value.isBlank() || value.getBytes(StandardCharsets.UTF_8).length > SHORT_STRING_MAX) {
            throw new InvalidBrokerPropertyException(
                    property, value, "a text of 1 to " + SHORT_STRING_MAX + " bytes that is not blank");
        }
    }

    // a text and not a Path, which Spring would look for in the class path first
    private static Path requirePath(String property, String path) {
        String allowed = "a path that is not empty and has no semicolon";
        if (path.isBlank() || path.indexOf(';') >= 0) {
            throw new InvalidBrokerPropertyException(property, path, allowed);
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new InvalidBrokerPropertyException(property, path, allowed, e);
        }
    }

    private static void requirePassword(String property, String password, InetAddress address) {
        if (password.isEmpty()) {
            throw new InvalidBrokerPropertyException(property, "", "a password of at least one character");
        }
        if (password.equals(DEFAULT_PASSWORD) && !address.isLoopbackAddress()) {
            throw new InvalidBrokerPropertyException(
                    property,
                    password,
                    "any other password while broker.address is " + address.getHostAddress()
                            + ", which others can reach (the default password is for loopback only)");
        }
    }

    private static void requireDistinct(String property, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String indexed = property + "[" + i + "]";
            requireShortText(indexed, names.get(i));
            if (!seen.add(names.get(i))) {
                throw new InvalidBrokerPropertyException(indexed, names.get(i), "a name that is not there twice");
            }
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
