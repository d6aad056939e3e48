package io.leveret.broker.limit;

/**
 * How many things one broker has at most; 0 for any number. Names in brackets are RabbitMQ's settings.
 *
 * @param connections [connection_max]
 * @param channels channels of all connections together [channel_max_per_node]
 * @param virtualHosts [vhost_max]
 * @param queues queues of all virtual hosts together [cluster_queue_limit]
 * @param exchanges exchanges of all virtual hosts together, the predeclared ones included [cluster_exchange_limit]
 */
public record NodeLimits(int connections, int channels, int virtualHosts, int queues, int exchanges) {
    public static final NodeLimits NONE = new NodeLimits(0, 0, 0, 0, 0);
}
