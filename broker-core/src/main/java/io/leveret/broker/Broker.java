package io.leveret.broker;

import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.channel.ChannelSettings;
import io.leveret.broker.channel.ClientConnection;
import io.leveret.broker.channel.ConnectionOutput;
import io.leveret.broker.channel.MessageInterceptors;
import io.leveret.broker.channel.OpenConnections;
import io.leveret.broker.channel.PublishObserver;
import io.leveret.broker.channel.ReplyAddresses;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.definition.merge.DefinitionsMerge;
import io.leveret.broker.definition.merge.MergeTarget;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.JournalState;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.limit.Alarms;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.limit.UserLimits;
import io.leveret.broker.limit.VirtualHostLimits;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import io.leveret.broker.loop.Uninterrupted;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageEvent;
import io.leveret.broker.vhost.TopologyListener;
import io.leveret.broker.vhost.TopologyListeners;
import io.leveret.broker.vhost.TopologyWriter;
import io.leveret.broker.vhost.VirtualHost;
import io.leveret.broker.vhost.VirtualHostResources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker without its listeners: virtual hosts, users, queues.
 *
 * <p>Its methods may be called by any thread. It starts one thread of its own, the writer of definitions, and uses the loops
 * it is given; several brokers in one process share nothing.
 */
public final class Broker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Broker.class);
    private static final int STOP_SECONDS = 10;
    private static final int SENT_ON_SECONDS = 2;
    private static final String EVERYTHING = ".*";

    private final BrokerConfig config;
    private final EventLoops loops;
    private final DefinitionStore store;
    private final TopologyWriter writer;
    private final ExchangeTypes exchangeTypes;
    private final Users users = new Users();
    private final ReplyAddresses replyAddresses = new ReplyAddresses();
    private final RuntimeParameters parameters = new RuntimeParameters();
    private final TopologyListeners listeners = new TopologyListeners();
    private final Limits limits;
    private final OpenConnections connections;
    private final ChannelSettings channelSettings;
    private final MemoryInUse memory;
    private final Alarms alarms;
    private final @Nullable Journal journal;
    private final VirtualHostResources resources;
    private final VirtualHosts vhosts;
    private final Settings settings;
    private final Accounts accounts;

    private Broker(
            BrokerConfig config,
            EventLoops loops,
            DefinitionStore store,
            @Nullable MessageJournal messages,
            Collection<? extends ExchangeType> moreExchangeTypes) {
        this.config = config;
        this.loops = loops;
        this.store = store;
        this.writer = new TopologyWriter(config.name());
        this.exchangeTypes = ExchangeTypes.load(Broker.class.getClassLoader()).with(moreExchangeTypes);
        this.memory = new MemoryInUse(loops.all().size(), config.messageMemoryBytes());
        this.limits = new Limits(config.limits());
        this.connections = new OpenConnections(config.name(), limits);
        this.vhosts = new VirtualHosts(store, users, limits, parameters, connections, listeners);
        this.settings = new Settings(store, vhosts, limits, parameters);
        this.accounts = new Accounts(store, vhosts, users, limits, connections);
        this.alarms = new Alarms(config.name(), config.alarms(), loops, memory);
        OwnerIds ids = new OwnerIds();
        this.journal = messages == null ? null : Journal.open(config.name(), messages, loops.all(), ids, memory);
        this.resources = new VirtualHostResources(
                exchangeTypes,
                writer,
                store,
                loops,
                ids,
                journal,
                memory,
                limits,
                vhosts,
                new VirtualHostResources.Permits(
                        config.permitTransientNonexclusiveQueues(),
                        config.permitQueueMasterLocator(),
                        config.defaultQueueType()),
                listeners,
                replyAddresses::find);
        this.channelSettings = new ChannelSettings(
                config.name(),
                config.maxMessageSize(),
                config.maxConsumersPerChannel(),
                config.permitGlobalQos(),
                config.defaultPrefetch(),
                config.consumerTimeoutMillis(),
                MessageInterceptors.of(config.timestampInterception(), config.routingNodeInterception(), config.name()),
                new AtomicReference<>());
    }

    /**
     * Loads the definitions, creates those of the first boot if there are none, and is ready for listeners.
     *
     * @param loops the caller's; they must outlive the broker
     * @param definitions closed with the broker
     */
    public static Broker start(BrokerConfig config, EventLoops loops, DefinitionStore definitions) {
        return start(config, loops, definitions, BootDefinitions.NONE);
    }

    /**
     * The same, and imports the definitions of files, all or none, before anybody can use the broker.
     *
     * @throws DefinitionsImportException when a file has mistakes; the broker has not started then, and nothing is stored
     */
    public static Broker start(
            BrokerConfig config, EventLoops loops, DefinitionStore definitions, BootDefinitions boot) {
        return start(config, loops, definitions, null, boot, List.of());
    }

    /**
     * The same with a journal, and with exchange types beside the built-in ones and those that are found as services.
     *
     * @param messages where durable queues keep their persistent messages, closed with the broker; null if nothing outlives
     *     the process
     * @throws DefinitionsImportException when a file has mistakes; the broker has not started then, and nothing is stored
     * @throws IllegalStateException if two exchange types have the same name
     */
    public static Broker start(
            BrokerConfig config,
            EventLoops loops,
            DefinitionStore definitions,
            @Nullable MessageJournal messages,
            BootDefinitions boot,
            Collection<? extends ExchangeType> moreExchangeTypes) {
        Broker broker = new Broker(config, loops, definitions, messages, moreExchangeTypes);
        boolean loaded = false;
        try {
            broker.load(boot);
            broker.startJournal();
            broker.alarms.start();
            loaded = true;
            return broker;
        } finally {
            if (!loaded) {
                if (broker.journal != null) {
                    broker.journal.close();
                }
                broker.writer.close();
            }
        }
    }

    private void load(BootDefinitions boot) {
        List<Definition> stored = writer.submit(store::load).join();
        if (stored.isEmpty() && boot.files().isEmpty()) {
            config.virtualHosts().forEach(vhost -> putVirtualHost(vhost).join());
            config.users().forEach(this::putFirstUser);
            return;
        }
        new Restoration(vhosts, resources, users, limits, parameters, journal).restore(stored);
        if (!boot.files().isEmpty()) {
            awaitImport(writer.submit(() -> onBootImport(boot, stored)));
        }
    }

    private static void awaitImport(CompletableFuture<Void> imported) {
        try {
            imported.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof DefinitionsImportException invalid) {
                throw invalid;
            }
            throw e;
        }
    }

    private @Nullable Void onBootImport(BootDefinitions boot, List<Definition> stored) {
        DefinitionsMerge merge = newMerge(stored);
        boot.addTo(merge, config, stored.isEmpty());
        int changes = merge.changes().size();
        commit(merge); // nobody uses the queues yet, so there is no need to wait for them
        log.atInfo()
                .addKeyValue("broker.name", config.name())
                .log("definitions of {}: {} entries are new or different", boot.names(), changes);
        return null;
    }

    private DefinitionsMerge newMerge(List<Definition> stored) {
        return new DefinitionsMerge(stored, new MergeTarget(users, limits, parameters, vhosts.byName(), resources));
    }

    private CompletableFuture<Integer> commit(DefinitionsMerge merge) {
        List<DefinitionChange> changes = merge.changes();
        if (!changes.isEmpty()) {
            store.apply(changes);
        }
        CompletableFuture<Void> applied = merge.apply();
        vhosts.onAdd(merge.created());
        return applied.thenApply(nothing -> changes.size());
    }

    /**
     * Imports the definitions of a file, all or none. What is there and not in the file stays; users, permissions, policies
     * and parameters of the file replace those of the same name; exchanges and queues that exist stay as they are.
     *
     * <p>Completes with the number of definitions that were new or different when all of them are in effect, or with
     * {@link DefinitionsImportException}.
     */
    public CompletableFuture<Integer> importDefinitions(DefinitionsFile file) {
        return writer.submit(() -> {
                    DefinitionsMerge merge = newMerge(store.load());
                    merge.add(file, Set.of());
                    return commit(merge);
                })
                .thenCompose(applied -> applied);
    }

    private void putFirstUser(BrokerConfig.FirstUser first) {
        putUser(first.name(), first.password(), first.tags()).join();
        for (String vhost : config.virtualHosts()) {
            putPermission(first.name(), vhost, EVERYTHING, EVERYTHING, EVERYTHING)
                    .join();
        }
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

    /** How the journal is doing, as of its last commit; null if there is none because messages do not outlive the process. */
    public @Nullable JournalState journalState() {
        return journal == null ? null : journal.state();
    }

    /** What the broker runs short of, and the limits. */
    public Alarms alarms() {
        return alarms;
    }

    /** Has each message that a client publishes from now on watched; null for nobody. */
    public void observePublishes(@Nullable PublishObserver observer) {
        channelSettings.observer().set(observer);
    }

    public @Nullable VirtualHost virtualHost(String name) {
        return vhosts.find(name);
    }

    /** The names of all virtual hosts. */
    public Set<String> virtualHosts() {
        return vhosts.names();
    }

    /** The connections that are open. */
    public OpenConnections connections() {
        return connections;
    }

    /**
     * How often it has happened to a message so far, in all virtual hosts there were; too high for a moment while one is
     * deleted. Those of a virtual host are at {@link VirtualHost#counts}. Any thread, without waiting for a loop.
     */
    public long count(MessageEvent event) {
        return vhosts.count(event);
    }

    /**
     * Has somebody hear of virtual hosts and queues: first of those there are, then of those that come and go.
     *
     * @return completes when it has heard of all there are
     */
    public CompletableFuture<Void> addTopologyListener(TopologyListener listener) {
        return writer.submit(() -> {
            listeners.add(listener, List.copyOf(vhosts.all()));
            return null;
        });
    }

    /** Undoes {@link #addTopologyListener}; a change that is being told may still come. */
    public void removeTopologyListener(TopologyListener listener) {
        listeners.remove(listener);
    }

    /** How many there may be of each thing. */
    public Limits limits() {
        return limits;
    }

    /** Runtime parameters that are neither policies nor limits. */
    public RuntimeParameters parameters() {
        return parameters;
    }

    /**
     * Creates a virtual host unless it is there.
     *
     * <p>Completes with {@link InvalidDefinitionException} when there are as many as there may be.
     */
    public CompletableFuture<VirtualHost> putVirtualHost(String name) {
        return writer.submit(() -> vhosts.onPut(name, null, resources));
    }

    /**
     * Creates a virtual host, or changes its description, tags and default type of queues.
     *
     * <p>Completes with {@link InvalidDefinitionException} for a type of queues that there isn't, or when there are as many
     * virtual hosts as there may be.
     */
    public CompletableFuture<VirtualHost> putVirtualHost(Definition.VirtualHost definition) {
        return writer.submit(() -> {
            validate(definition);
            return vhosts.onPut(definition.name(), definition, resources);
        });
    }

    /**
     * Checks a virtual host without creating it.
     *
     * @throws InvalidDefinitionException for a type of queues that there isn't
     */
    public static void validate(Definition.VirtualHost definition) {
        VirtualHosts.validate(definition);
    }

    /**
     * Deletes a virtual host with everything in it and all that is said about it, and closes its connections with 320, for
     * which they may need a moment longer.
     *
     * <p>Completes with {@link NoSuchDefinitionException} if there is none of that name.
     */
    public CompletableFuture<Void> deleteVirtualHost(String name) {
        return writer.submit(() -> {
            vhosts.onDelete(name);
            return null;
        });
    }

    /**
     * Sets a policy or an operator policy; when it completes, all queues and exchanges that it matches go by it.
     *
     * <p>Completes with {@link InvalidDefinitionException}, see {@link Policy#of}, or with {@link NoSuchDefinitionException}
     * when there is no such virtual host.
     */
    public CompletableFuture<Void> putPolicy(Definition.Policy policy) {
        return writer.submit(() -> vhosts.require(policy.vhost()).onPutPolicies(List.of(Policy.of(policy))))
                .thenCompose(applied -> applied);
    }

    /**
     * Takes a policy, or an operator policy, away and undoes what it did.
     *
     * <p>Completes with {@link NoSuchDefinitionException} when there is no such policy or virtual host.
     */
    public CompletableFuture<Void> clearPolicy(String vhost, String name, boolean operator) {
        return writer.submit(() -> vhosts.require(vhost).onClearPolicy(name, operator))
                .thenCompose(cleared -> cleared);
    }

    /**
     * Sets a runtime parameter of a virtual host, or a global one. The components {@code operator_policy} and
     * {@code vhost-limits} are another way to set those, as in RabbitMQ; what else is kept is in {@link RuntimeParameters}.
     *
     * <p>Completes with {@link InvalidDefinitionException}, for an unknown component among others, or with
     * {@link NoSuchDefinitionException} when there is no such virtual host.
     */
    public CompletableFuture<Void> putParameter(Definition.Parameter parameter) {
        return writer.submit(() -> settings.onPut(parameter)).thenCompose(applied -> applied);
    }

    /**
     * Takes a runtime parameter away.
     *
     * <p>Completes with {@link NoSuchDefinitionException} when it isn't there.
     *
     * @param vhost null for a global one, whose component is {@link RuntimeParameters#GLOBAL}
     */
    public CompletableFuture<Void> clearParameter(@Nullable String vhost, String component, String name) {
        return writer.submit(() -> settings.onClear(vhost, component, name)).thenCompose(cleared -> cleared);
    }

    /**
     * Sets one of the {@linkplain VirtualHostLimits#NAMES limits} of a virtual host, negative for none.
     *
     * <p>Completes with {@link InvalidDefinitionException} or {@link NoSuchDefinitionException}.
     */
    public CompletableFuture<Void> putVirtualHostLimit(String vhost, String limit, long value) {
        return writer.submit(() -> {
            settings.onPutLimits(vhost, VirtualHostLimits.validate(Map.of(limit, value)));
            return null;
        });
    }

    /**
     * Takes a limit of a virtual host away; it need not be set.
     *
     * <p>Completes with {@link InvalidDefinitionException} or {@link NoSuchDefinitionException}.
     */
    public CompletableFuture<Void> clearVirtualHostLimit(String vhost, String limit) {
        return writer.submit(() -> {
            VirtualHostLimits.validate(Map.of(limit, -1L));
            settings.onClearLimits(vhost, List.of(limit));
            return null;
        });
    }

    /** Takes all limits of a virtual host away. Completes with {@link NoSuchDefinitionException} if there is no such one. */
    public CompletableFuture<Void> clearVirtualHostLimits(String vhost) {
        return writer.submit(() -> {
            settings.onClearLimits(vhost, VirtualHostLimits.NAMES);
            return null;
        });
    }

    /**
     * Sets one of the {@linkplain UserLimits#NAMES limits} of a user, negative for none.
     *
     * <p>Completes with {@link InvalidDefinitionException} or {@link NoSuchDefinitionException}.
     */
    public CompletableFuture<Void> putUserLimit(String user, String limit, long value) {
        return writer.submit(() -> {
            accounts.onPutLimit(user, limit, value);
            return null;
        });
    }

    /**
     * Takes a limit of a user away; it need not be set.
     *
     * <p>Completes with {@link InvalidDefinitionException} or {@link NoSuchDefinitionException}.
     */
    public CompletableFuture<Void> clearUserLimit(String user, String limit) {
        return writer.submit(() -> {
            accounts.onClearLimit(user, limit);
            return null;
        });
    }

    /** Creates a user or replaces its password and tags. */
    public CompletableFuture<Void> putUser(String name, String password, Set<String> tags) {
        return writer.submit(() -> {
            accounts.onPutUser(name, password, tags);
            return null;
        });
    }

    /** Deletes a user with all that is said about it, and closes its connections with 320. */
    public CompletableFuture<Void> deleteUser(String name) {
        return writer.submit(() -> {
            accounts.onDeleteUser(name);
            return null;
        });
    }

    /**
     * Sets what a user may do in a virtual host; the patterns are RabbitMQ's, searched for anywhere in a name.
     *
     * <p>Completes with {@link IllegalArgumentException} when a pattern is no regular expression, or the user or virtual host is
     * unknown.
     */
    public CompletableFuture<Void> putPermission(
            String user, String vhost, String configure, String write, String read) {
        return writer.submit(() -> {
            accounts.onPutPermission(new Definition.Permission(user, vhost, configure, write, read));
            return null;
        });
    }

    /** Takes a user's access to a virtual host away. */
    public CompletableFuture<Void> clearPermission(String user, String vhost) {
        return writer.submit(() -> {
            accounts.onClearPermission(user, vhost);
            return null;
        });
    }

    /** Limits the routing keys a user may write to, and bind with, at one topic exchange. */
    public CompletableFuture<Void> putTopicPermission(
            String user, String vhost, String exchange, String write, String read) {
        return writer.submit(() -> {
            accounts.onPutTopicPermission(new Definition.TopicPermission(user, vhost, exchange, write, read));
            return null;
        });
    }

    /**
     * Opens a connection for a user who has been authenticated. Call it on the loop that owns the connection.
     *
     * @throws AmqpError 530 when a limit is reached, there is no such virtual host, or the user may not access it; in the
     *     order in which RabbitMQ finds that out
     */
    public ClientConnection openConnection(EventLoop loop, String vhostName, User user, ConnectionOutput output) {
        OpenConnections.Place place = connections.enter(vhostName, user.name());
        boolean opened = false;
        try {
            VirtualHost vhost = vhosts.find(vhostName);
            if (vhost == null) {
                throw noVirtualHost(vhostName);
            }
            place.enterForUser();
            ClientConnection connection = new ClientConnection(
                    loop,
                    loops.all(),
                    vhost,
                    user,
                    users,
                    replyAddresses,
                    channelSettings,
                    memory.underWay(loop),
                    place,
                    output);
            place.occupy(connection);
            // a deletion that comes later finds the connection, one that came before is found here
            if (vhosts.find(vhostName) != vhost) {
                throw noVirtualHost(vhostName);
            }
            if (!users.mayAccess(user.name(), vhostName)) {
                throw AmqpError.notAllowed(
                        "access to vhost '" + vhostName + "' refused for user '" + user.name() + "'");
            }
            opened = true;
            return connection;
        } finally {
            if (!opened) {
                place.leave();
            }
        }
    }

    private static AmqpError noVirtualHost(String name) {
        return AmqpError.notAllowed("vhost " + name + " not found");
    }

    /**
     * Completes when all changes of definitions are made, or refused, that were asked for before by whatever thread;
     * exceptionally once the broker is closed.
     */
    public CompletableFuture<Void> whenChangesAreMade() {
        return writer.submit(() -> null);
    }

    /** Stops, in order also on a thread that is interrupted; the loops are the caller's to stop afterwards. */
    @Override
    public void close() {
        alarms.close();
        writer.close();
        closeJournal();
        store.close();
    }

    private void startJournal() {
        if (journal != null) {
            journal.start();
        }
    }

    private void closeJournal() {
        if (journal != null) {
            stopSendingOn();
            journal.close(saidWhatWasHandedOut());
        }
    }

    /**
     * So that no message that died is there again beside its letter, nor one that fell due beside itself; for a moment only,
     * as that would be no loss.
     */
    private void stopSendingOn() {
        CompletableFuture<?>[] sentOn =
                vhosts.all().stream().map(VirtualHost::stopSendingOn).toArray(CompletableFuture[]::new);
        try {
            Uninterrupted.get(CompletableFuture.allOf(sentOn), TimeUnit.SECONDS.toMillis(SENT_ON_SECONDS));
        } catch (TimeoutException | ExecutionException e) {
            log.info("some of what died or fell due may be there twice after the next start", e);
        }
    }

    /** Has the queues tell the journal; false if clients may still get something, or a loop does not answer. */
    private boolean saidWhatWasHandedOut() {
        if (!connections.all().isEmpty()) {
            return false;
        }
        List<CompletableFuture<Boolean>> said = new ArrayList<>();
        for (VirtualHost vhost : vhosts.all()) {
            for (QueueRef queue : vhost.queues()) {
                if (queue.isDurable()) {
                    said.add(queue.submit(owned -> {
                        owned.onStopping();
                        return true;
                    }));
                }
            }
        }
        try {
            Uninterrupted.get(
                    CompletableFuture.allOf(said.toArray(CompletableFuture[]::new)),
                    TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            return true;
        } catch (TimeoutException | ExecutionException e) {
            log.warn("what was handed out to clients is not known after the next start", e);
        }
        return false;
    }
}
