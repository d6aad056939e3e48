package io.leveret.broker.deadletter;

import io.leveret.broker.queue.DeathReason;
import java.util.List;

/**
 * What {@code x-death} keeps of the first death in a queue for a reason. All texts are bytes as they stand on the wire.
 *
 * @param queue where it died
 * @param seconds when, since the epoch
 * @param exchange the exchange it had been published to before
 * @param routingKeys the keys it had been published with, those of BCC left out
 * @param expiration its expiration in milliseconds, -1 if it had none
 */
record Death(
        byte[] queue, DeathReason reason, long seconds, byte[] exchange, List<byte[]> routingKeys, long expiration) {}
