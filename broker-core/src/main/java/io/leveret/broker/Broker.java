package io.leveret.broker;

import io.leveret.broker.auth.PasswordHash;
import io.leveret.broker.auth.Permission;
import io.leveret.broker.auth.TopicPermission;
import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.channel.ChannelSettings;
import io.leveret.broker.channel.ClientConnection;
import io.leveret.broker.channel.ConnectionOutput;
import io.leveret.broker.channel.MessageInterceptors;
import io.leveret.broker.channel.ReplyAddresses;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.limit.Alarms;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import io.leveret.broker.vhost.TopologyWriter;
import io.leveret.broker.vhost.VirtualHost;
import io.leveret.broker.vhost.VirtualHostResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A running broker without its listeners: virtual hosts, users, queues.
 *
 * <p>Its methods may be called by any thread. It starts one thread of its own, the writer of definitions, and uses the loops
 * it is given; several brokers in one process share nothing.
 */
public final class Broker implements AutoCloseable {
    private static final String EVERYTHING = ".*";

    private final BrokerConfig config;
    private final EventLoops loops;
    private final DefinitionStore store;
    private final TopologyWriter writer;
    private final ExchangeTypes exchangeTypes;
    private final Users users = new Users();
    private final ReplyAddresses replyAddresses = new ReplyAddresses();
    private final ChannelSettings channelSettings;
    private final MemoryInUse memory;
    private final Alarms alarms;
    private final VirtualHostResources resources;
    private final Map<String, VirtualHost> vhosts = new ConcurrentHashMap<>();

    private Broker(BrokerConfig config, EventLoops loops, DefinitionStore store) {
        this.config = config;
        this.loops = loops;
        this.store = store;
        this.writer = new TopologyWriter(config.name());
        this.exchangeTypes = ExchangeTypes.load(Broker.class.getClassLoader());
        this.memory = new MemoryInUse(loops.all().size());
        this.alarms = new Alarms(config.name(), config.alarms(), loops, memory);
        this.resources = new VirtualHostResources(
                exchangeTypes,
                writer,
                store,
                loops,
                memory,
                config.permitTransientNonexclusiveQueues(),
                replyAddresses::find);
        this.channelSettings = new ChannelSettings(
                config.name(),
                config.maxMessageSize(),
                config.maxConsumersPerChannel(),
                config.permitGlobalQos(),
                config.defaultPrefetch(),
                config.consumerTimeoutMillis(),
                MessageInterceptors.of(
                        config.timestampInterception(), config.routingNodeInterception(), config.name()));
    }

    /**
     * Loads the definitions, creates those of the first boot if there are none, and is ready for listeners.
     *
     * @param loops the caller's; they must outlive the broker
     * @param definitions closed with the broker
     */
    public static Broker start(BrokerConfig config, EventLoops loops, DefinitionStore definitions) {
        Broker broker = new Broker(config, loops, definitions);
        boolean loaded = false;
        try {
            broker.load();
            broker.alarms.start();
            loaded = true;
            return broker;
        } finally {
            if (!loaded) {
                broker.writer.close();
            }
        }
    }

    private void load() {
        List<Definition> stored = writer.submit(store::load).join();
        if (stored.isEmpty()) {
            config.virtualHosts().forEach(vhost -> putVirtualHost(vhost).join());
            config.users().forEach(this::putFirstUser);
            return;
        }
        for (Definition definition : stored) {
            if (definition instanceof Definition.VirtualHost vhost) {
                vhosts.put(vhost.name(), newVirtualHost(vhost.name()));
            } else {
                restoreAccess(definition);
            }
        }
        for (VirtualHost vhost : vhosts.values()) {
            List<Definition> own = stored.stream()
                    .filter(definition -> isOf(definition, vhost.name()))
                    .toList();
            vhost.restore(own).join();
        }
    }

    private static boolean isOf(Definition definition, String vhost) {
        return definition instanceof Definition.Exchange exchange
                        && exchange.vhost().equals(vhost)
                || definition instanceof Definition.Queue queue && queue.vhost().equals(vhost)
                || definition instanceof Definition.Binding binding
                        && binding.vhost().equals(vhost);
    }

    private void restoreAccess(Definition definition) {
        if (definition instanceof Definition.User user) {
            users.putUser(new User(
                    user.name(), PasswordHash.parse(user.passwordHash(), user.hashingAlgorithm()), user.tags()));
        } else if (definition instanceof Definition.Permission permission) {
            users.putPermission(Permission.of(
                    permission.user(),
                    permission.vhost(),
                    permission.configure(),
                    permission.write(),
                    permission.read()));
        } else if (definition instanceof Definition.TopicPermission permission) {
            users.putTopicPermission(TopicPermission.of(
                    permission.user(),
                    permission.vhost(),
                    permission.exchange(),
                    permission.write(),
                    permission.read()));
        }
    }

    private void putFirstUser(BrokerConfig.FirstUser first) {
        putUser(first.name(), first.password(), first.tags()).join();
        for (String vhost : config.virtualHosts()) {
            putPermission(first.name(), vhost, EVERYTHING, EVERYTHING, EVERYTHING)
                    .join();
        }
    }

    private VirtualHost newVirtualHost(String name) {
        return new VirtualHost(name, resources);
    }

    public BrokerConfig config() {
        return config;
    }

    /** Users and permissions. */
    public Users users() {
        return users;
    }

    public EventLoops loops() {
        return loops;
    }

    /** What the broker runs short of, and the limits. */
    public Alarms alarms() {
        return alarms;
    }

    public @Nullable VirtualHost virtualHost(String name) {
        return vhosts.get(name);
    }

    /** The names of all virtual hosts. */
    public Set<String> virtualHosts() {
        return Set.copyOf(vhosts.keySet());
    }

    /** Creates a virtual host unless it is there. */
    public CompletableFuture<VirtualHost> putVirtualHost(String name) {
        return writer.submit(() -> {
            VirtualHost existing = vhosts.get(name);
            if (existing != null) {
                return existing;
            }
            store.apply(List.of(new DefinitionChange.Put(Definition.VirtualHost.named(name))));
            VirtualHost created = newVirtualHost(name);
            vhosts.put(name, created);
            return created;
        });
    }

    /** Creates a user or replaces its password and tags. */
    public CompletableFuture<Void> putUser(String name, String password, Set<String> tags) {
        return writer.submit(() -> {
            PasswordHash hash = PasswordHash.of(password);
            store.apply(List.of(
                    new DefinitionChange.Put(new Definition.User(name, hash.encoded(), hash.algorithm(), tags))));
            users.putUser(new User(name, hash, tags));
            return null;
        });
    }

    /** Deletes a user with all its permissions. */
    public CompletableFuture<Void> deleteUser(String name) {
        return writer.submit(() -> {
            List<DefinitionChange> changes = new ArrayList<>();
            for (Permission permission : users.current().permissions()) {
                if (permission.user().equals(name)) {
                    changes.add(new DefinitionChange.Delete(
                            new Definition.Permission(name, permission.vhost(), "", "", "")));
                }
            }
            for (TopicPermission permission : users.current().topicPermissions()) {
                if (permission.user().equals(name)) {
                    changes.add(new DefinitionChange.Delete(
                            new Definition.TopicPermission(name, permission.vhost(), permission.exchange(), "", "")));
                }
            }
            changes.add(new DefinitionChange.Delete(new Definition.User(name, "", "", Set.of())));
            store.apply(changes);
            users.deleteUser(name);
            return null;
        });
    }

    /**
     * Sets what a user may do in a virtual host; the patterns are RabbitMQ's, searched for anywhere in a name.
     *
     * <p>Completes with {@link IllegalArgumentException} when a pattern is no regular expression or the user is unknown.
     */
    public CompletableFuture<Void> putPermission(
            String user, String vhost, String configure, String write, String read) {
        return writer.submit(() -> {
            Permission permission = Permission.of(user, vhost, configure, write, read);
            requireUser(user);
            store.apply(
                    List.of(new DefinitionChange.Put(new Definition.Permission(user, vhost, configure, write, read))));
            users.putPermission(permission);
            return null;
        });
    }

    /** Before anything is stored that could not be loaded again. */
    private void requireUser(String name) {
        if (users.current().user(name).isEmpty()) {
            throw new IllegalArgumentException("user '" + name + "' does not exist");
        }
    }

    /** Takes a user's access to a virtual host away. */
    public CompletableFuture<Void> clearPermission(String user, String vhost) {
        return writer.submit(() -> {
            store.apply(List.of(new DefinitionChange.Delete(new Definition.Permission(user, vhost, "", "", ""))));
            users.clearPermission(user, vhost);
            return null;
        });
    }

    /** Limits the routing keys a user may write to, and bind with, at one topic exchange. */
    public CompletableFuture<Void> putTopicPermission(
            String user, String vhost, String exchange, String write, String read) {
        return writer.submit(() -> {
            TopicPermission permission = TopicPermission.of(user, vhost, exchange, write, read);
            requireUser(user);
            store.apply(List.of(
                    new DefinitionChange.Put(new Definition.TopicPermission(user, vhost, exchange, write, read))));
            users.putTopicPermission(permission);
            return null;
        });
    }

    /**
     * Opens a connection for a user who has been authenticated and may access the virtual host. Call it on the loop that
     * owns the connection.
     */
    public ClientConnection openConnection(EventLoop loop, VirtualHost vhost, User user, ConnectionOutput output) {
        return new ClientConnection(
                loop, loops.all(), vhost, user, users, replyAddresses, channelSettings, memory.underWay(loop), output);
    }

    /** Stops; the loops are the caller's to stop afterwards. */
    @Override
    public void close() {
        alarms.close();
        writer.close();
        store.close();
    }
}
