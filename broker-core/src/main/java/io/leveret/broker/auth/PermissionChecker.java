package io.leveret.broker.auth;

import io.leveret.broker.error.AmqpError;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one user may do in one virtual host. Owned by the connection's event loop, not thread-safe.
 *
 * <p>Recent positive decisions are remembered, {@value #CACHED_NAMES} names for each permission and kind of resource,
 * until any user or permission changes; such a change counts from the next check on. A refusal is decided anew each
 * time, which takes as long as {@link NamePattern} allows.
 */
public final class PermissionChecker {
    private static final int CACHED_NAMES = 16;
    private static final String DEFAULT_EXCHANGE = "amq.default";

    private final Users users;
    private final User user;
    private final String vhost;
    private final Map<Access, Allowed> allowedExchanges = new EnumMap<>(Access.class);
    private final Map<Access, Allowed> allowedQueues = new EnumMap<>(Access.class);
    private final Allowed allowedTopicWrites = new Allowed();
    private final Allowed allowedTopicReads = new Allowed();
    private AccessControl seen;
    private @Nullable Permission permission;
    private Map<String, TopicPermission> topicPermissions;

    /** @param user as of the login: tags that change later have no effect on the connection, as in RabbitMQ */
    public PermissionChecker(Users users, User user, String vhost) {
        this.users = users;
        this.user = user;
        this.vhost = vhost;
        this.seen = users.current();
        this.permission = seen.permission(user.name(), vhost).orElse(null);
        this.topicPermissions = seen.topicPermissions(user.name(), vhost);
    }

    /** @throws AmqpError 403 when the user may not configure it */
    public void checkConfigure(ResourceKind kind, String name) {
        check(Access.CONFIGURE, kind, name);
    }

    /** @throws AmqpError 403 when the user may not write to it */
    public void checkWrite(ResourceKind kind, String name) {
        check(Access.WRITE, kind, name);
    }

    /** @throws AmqpError 403 when the user may not read from it */
    public void checkRead(ResourceKind kind, String name) {
        check(Access.READ, kind, name);
    }

    /**
     * The check of a passive declare, which any one of the three permissions suffices for since RabbitMQ 4.3.1
     * (rabbitmq/rabbitmq-server#16272).
     *
     * @throws AmqpError 403 when the user may neither configure nor write nor read, with the text for configure, as
     *     when that one alone was asked for in 4.3.0
     */
    public void checkAny(ResourceKind kind, String name) {
        String printed = printed(kind, name);
        if (!isAllowed(Access.CONFIGURE, kind, printed)
                && !isAllowed(Access.WRITE, kind, printed)
                && !isAllowed(Access.READ, kind, printed)) {
            throw refused(Access.CONFIGURE, kind + " '" + printed + "'");
        }
    }

    /**
     * The check of a routing key when publishing to a topic exchange; callers ask for topic exchanges only.
     *
     * @throws AmqpError 403 when there is a topic permission for the exchange that doesn't allow the key
     */
    public void checkTopicWrite(String exchange, String routingKey) {
        checkTopic(Access.WRITE, allowedTopicWrites, exchange, routingKey);
    }

    /**
     * The check of a binding key when binding to, or unbinding from, a topic exchange; callers ask for topic exchanges
     * only.
     *
     * @throws AmqpError 403 when there is a topic permission for the exchange that doesn't allow the key
     */
    public void checkTopicRead(String exchange, String bindingKey) {
        checkTopic(Access.READ, allowedTopicReads, exchange, bindingKey);
    }

    /**
     * The check of the property user-id of a message, null when absent.
     *
     * @throws AmqpError 406 when it names another user and the own user isn't an impersonator
     */
    public void checkUserId(@Nullable String userId) {
        if (userId != null && !userId.equals(user.name()) && !isImpersonator()) {
            throw AmqpError.preconditionFailed(
                    "user_id property set to '" + userId + "' but authenticated user was '" + user.name() + "'");
        }
    }

    /** Whether the user may publish with any user-id. */
    public boolean isImpersonator() {
        return user.isImpersonator();
    }

    private void check(Access access, ResourceKind kind, String name) {
        String printed = printed(kind, name);
        if (!isAllowed(access, kind, printed)) {
            throw refused(access, kind + " '" + printed + "'");
        }
    }

    private boolean isAllowed(Access access, ResourceKind kind, String name) {
        refresh();
        Permission current = permission;
        if (current == null) {
            return false;
        }
        Allowed allowed = (kind == ResourceKind.EXCHANGE ? allowedExchanges : allowedQueues)
                .computeIfAbsent(access, first -> new Allowed());
        if (allowed.get(name) != null) {
            return true;
        }
        if (!access.pattern(current).matches(name)) {
            return false;
        }
        allowed.put(name, Boolean.TRUE);
        return true;
    }

    private void checkTopic(Access access, Allowed allowed, String exchange, String key) {
        refresh();
        TopicPermission topic = topicPermissions.get(exchange);
        if (topic == null) {
            return;
        }
        // the length keeps apart pairs that read the same when joined
        String pair = exchange.length() + ":" + exchange + key;
        if (allowed.get(pair) != null) {
            return;
        }
        if (!(access == Access.WRITE ? topic.write() : topic.read()).matches(key)) {
            throw refused(access, "topic '" + key + "' in exchange '" + exchange + "'");
        }
        allowed.put(pair, Boolean.TRUE);
    }

    private void refresh() {
        AccessControl now = users.current();
        if (now != seen) {
            seen = now;
            permission = now.permission(user.name(), vhost).orElse(null);
            topicPermissions = now.topicPermissions(user.name(), vhost);
            allowedExchanges.values().forEach(Map::clear);
            allowedQueues.values().forEach(Map::clear);
            allowedTopicWrites.clear();
            allowedTopicReads.clear();
        }
    }

    private AmqpError refused(Access access, String resource) {
        return AmqpError.accessRefused(access.text + " access to " + resource + " in vhost '" + vhost
                + "' refused for user '" + user.name() + "'");
    }

    private static String printed(ResourceKind kind, String name) {
        return kind == ResourceKind.EXCHANGE && name.isEmpty() ? DEFAULT_EXCHANGE : name;
    }

    private enum Access {
        CONFIGURE("configure"),
        WRITE("write"),
        READ("read");

        private final String text;

        Access(String text) {
            this.text = text;
        }

        NamePattern pattern(Permission permission) {
            return switch (this) {
                case CONFIGURE -> permission.configure();
                case WRITE -> permission.write();
                case READ -> permission.read();
            };
        }
    }

    /** The names that were allowed, the one not asked for the longest time leaving first. */
    private static final class Allowed extends LinkedHashMap<String, Boolean> {
        Allowed() {
            super(2 * CACHED_NAMES, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > CACHED_NAMES;
        }
    }
}
