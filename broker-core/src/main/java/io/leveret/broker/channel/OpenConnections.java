package io.leveret.broker.channel;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.limit.Count;
import io.leveret.broker.limit.Limits;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a broker, counted against its limits. Safe on any thread.
 *
 * <p>Texts are those of RabbitMQ's rabbit_reader. A connection is counted from before {@code connection.open} is answered
 * until it begins to close.
 */
public final class OpenConnections {
    /** The one name of what the node counts. */
    private static final String NODE = "";

    private final String nodeName;
    private final Limits limits;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Count ofNode = new Count();
    private final Count ofVirtualHosts = new Count();
    private final Count ofUsers = new Count();
    private final Count channelsOfNode = new Count();
    private final Count channelsOfVirtualHosts = new Count();
    private final Count channelsOfUsers = new Count();

    public OpenConnections(String nodeName, Limits limits) {
        this.nodeName = nodeName;
        this.limits = limits;
    }

    /**
     * Makes room for a connection within the limits of node and virtual host.
     *
     * @throws AmqpError 530
     */
    public Place enter(String vhost, String user) {
        int nodeLimit = limits.node().connections();
        if (!ofNode.add(NODE, orAny(nodeLimit))) {
            throw AmqpError.notAllowed("connection refused: node connection limit (" + nodeLimit + ") is reached");
        }
        long limit = limits.ofVirtualHost(vhost).maxConnections();
        if (!ofVirtualHosts.add(vhost, limit)) {
            ofNode.remove(NODE);
            throw AmqpError.notAllowed("access to vhost '" + vhost + "' refused for user '" + user
                    + "': connection limit (" + limit + ") is reached");
        }
        return new Place(vhost, user);
    }

    private static int orAny(int nodeLimit) {
        return nodeLimit == 0 ? -1 : nodeLimit;
    }

    /** Those of a virtual host. */
    public List<ClientConnection> ofVirtualHost(String name) {
        return connections.stream()
                .filter(connection -> connection.vhost().name().equals(name))
                .toList();
    }

    /** Those of a user. */
    public List<ClientConnection> ofUser(String name) {
        return connections.stream()
                .filter(connection -> connection.user().name().equals(name))
                .toList();
    }

    /** Has connections closed with 320, and their clients told why. */
    public void closeAll(List<ClientConnection> doomed, String reason) {
        AmqpError error = AmqpError.of(ReplyCode.CONNECTION_FORCED, reason).causedBy(AmqpError.NO_METHOD);
        doomed.forEach(connection -> connection.forceClose(error));
    }

    /** All of them. */
    public List<ClientConnection> all() {
        return List.copyOf(connections);
    }

    /** How many there are in a virtual host. */
    public int countOfVirtualHost(String name) {
        return ofVirtualHosts.of(name);
    }

    /** How many there are. */
    public int count() {
        return ofNode.of(NODE);
    }

    /** How many channels all of them have. */
    public int channelCount() {
        return channelsOfNode.of(NODE);
    }

    /** How many channels those of a virtual host have. */
    public int channelCountOfVirtualHost(String name) {
        return channelsOfVirtualHosts.of(name);
    }

    /** How many a user has. */
    public int countOfUser(String name) {
        return ofUsers.of(name);
    }

    /** How many channels a user has. */
    public int channelCountOfUser(String name) {
        return channelsOfUsers.of(name);
    }

    /** The room one connection takes. For one thread at a time. */
    public final class Place {
        private final String vhost;
        private final String user;
        private @Nullable ClientConnection occupant;
        private boolean entered;
        private boolean left;

        private Place(String vhost, String user) {
            this.vhost = vhost;
            this.user = user;
        }

        /**
         * Makes room for it within the limits of its user, which RabbitMQ looks at later.
         *
         * @throws AmqpError 530
         */
        public void enterForUser() {
            long limit = limits.ofUser(user).maxConnections();
            if (!ofUsers.add(user, limit)) {
                throw AmqpError.notAllowed(
                        "connection refused for user '" + user + "': user connection limit (" + limit + ") is reached");
            }
            entered = true;
        }

        /** Lets the connection whose room this is be found. */
        public void occupy(ClientConnection connection) {
            occupant = connection;
            connections.add(connection);
        }

        /** Gives the room back; once is enough. */
        public void leave() {
            if (left) {
                return;
            }
            left = true;
            if (occupant != null) {
                connections.remove(occupant);
            }
            ofNode.remove(NODE);
            ofVirtualHosts.remove(vhost);
            if (entered) {
                ofUsers.remove(user);
            }
        }

        /**
         * Makes room for a channel.
         *
         * @throws AmqpError 530
         */
        void openChannel() {
            long limit = limits.ofUser(user).maxChannels();
            if (!channelsOfUsers.add(user, limit)) {
                throw tooManyChannels(
                        "for user '" + user + "' has reached the maximum allowed user limit of (" + limit + ")");
            }
            int nodeLimit = limits.node().channels();
            if (!channelsOfNode.add(NODE, orAny(nodeLimit))) {
                channelsOfUsers.remove(user);
                throw tooManyChannels(
                        "on node '" + nodeName + "' has reached the maximum allowed limit of (" + nodeLimit + ")");
            }
            channelsOfVirtualHosts.add(vhost, -1);
        }

        void closeChannel() {
            channelsOfUsers.remove(user);
            channelsOfNode.remove(NODE);
            channelsOfVirtualHosts.remove(vhost);
        }

        private static AmqpError tooManyChannels(String where) {
            return AmqpError.notAllowed("number of channels opened " + where).causedBy(AmqpError.NO_METHOD);
        }
    }
}
