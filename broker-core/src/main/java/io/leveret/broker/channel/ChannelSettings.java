package io.leveret.broker.channel;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What all channels of a broker go by.
 *
 * @param node the name of the node
 * @param maxMessageSize the largest body in bytes
 * @param maxConsumers consumers of one channel, 0 for no limit
 * @param permitGlobalQos whether {@code basic.qos} with global set limits the whole channel; otherwise it is taken as if it
 *     were not set, as RabbitMQ 4.3 does by default
 * @param defaultPrefetch the prefetch of consumers on channels that never asked for one, 0 for no limit
 * @param consumerTimeoutMillis how long a delivery may be unacknowledged, 0 for ever
 * @param interceptors what is done to each message that is published; null for nothing
 * @param observer who watches what is published, if anybody; looked up for each message
 */
public record ChannelSettings(
        String node,
        int maxMessageSize,
        int maxConsumers,
        boolean permitGlobalQos,
        int defaultPrefetch,
        long consumerTimeoutMillis,
        @Nullable MessageInterceptors interceptors,
        AtomicReference<@Nullable PublishObserver> observer) {}
