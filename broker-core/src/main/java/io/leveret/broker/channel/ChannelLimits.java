package io.leveret.broker.channel;

/**
 * What a channel may do at most.
 *
 * @param maxMessageSize the largest body in bytes
 * @param maxConsumers consumers of one channel, 0 for no limit
 * @param permitGlobalQos whether {@code basic.qos} with global set limits the whole channel; otherwise it is taken as if it
 *     were not set, as RabbitMQ 4.3 does by default
 */
public record ChannelLimits(int maxMessageSize, int maxConsumers, boolean permitGlobalQos) {}
