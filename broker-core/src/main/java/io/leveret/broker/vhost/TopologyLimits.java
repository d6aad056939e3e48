package io.leveret.broker.vhost;

import io.leveret.broker.error.AmqpError;

/**
 * How many queues and exchanges a virtual host may come to have, by its own limit and by those of the node.
 *
 * @param vhost the name of the virtual host
 */
record TopologyLimits(String vhost, VirtualHostResources resources) {
    /**
     * Refuses one exchange too many.
     *
     * @param planned how many there will be more than there are
     * @throws AmqpError 406
     */
    void checkExchange(String exchange, int planned) {
        int limit = resources.limits().node().exchanges();
        if (limit > 0 && resources.totals().exchanges() + planned >= limit) {
            throw AmqpError.preconditionFailed("cannot declare exchange '" + exchange + "' in vhost '" + vhost
                    + "': exchange limit of " + limit + " is reached");
        }
    }

    /**
     * Refuses one queue too many in the virtual host or the node.
     *
     * @param own how many the virtual host has
     * @throws AmqpError 406
     */
    void checkQueue(String queue, int own) {
        long limit = resources.limits().ofVirtualHost(vhost).maxQueues();
        if (limit >= 0 && own >= limit) {
            throw AmqpError.preconditionFailed("cannot declare queue '" + queue + "': queue limit in vhost '" + vhost
                    + "' (" + limit + ") is reached");
        }
        checkQueueOfNode(queue, 0);
    }

    /**
     * Refuses one queue too many in the node.
     *
     * @param planned how many there will be more than there are
     * @throws AmqpError 406
     */
    void checkQueueOfNode(String queue, int planned) {
        int limit = resources.limits().node().queues();
        if (limit > 0 && resources.totals().queues() + planned >= limit) {
            throw AmqpError.preconditionFailed(
                    "cannot declare queue '" + queue + "': queue limit in cluster (" + limit + ") is reached");
        }
    }
}
