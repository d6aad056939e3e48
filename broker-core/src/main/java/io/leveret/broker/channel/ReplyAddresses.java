package io.leveret.broker.channel;

import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.message.Message;
import io.leveret.broker.vhost.VirtualHost;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The reply addresses that consumers of {@code amq.rabbitmq.reply-to} hold, by name. A reply goes straight from the
 * publisher's channel to the requester's, through no queue. Safe on any thread.
 */
public final class ReplyAddresses {
    public static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";
    private static final String PREFIX = PSEUDO_QUEUE + ".";

    private final Map<String, ReplyAddress> addresses = new ConcurrentHashMap<>();

    /** Whether a queue name means direct reply-to: the pseudo-queue itself or an address. */
    public static boolean isReplyName(String queue) {
        return queue.startsWith(PSEUDO_QUEUE);
    }

    /** Where a reply goes. A name that looks like an address but is none is routed to nowhere, silently. */
    record ReplyAddress(String name, @Nullable ChannelConsumer consumer) implements PseudoQueue {
        @Override
        public void accept(Message reply) {
            if (consumer != null) {
                consumer.channel().connection().loop().execute(() -> consumer.onReply(reply));
            }
        }
    }

    ReplyAddress open(ChannelConsumer consumer) {
        ReplyAddress address = new ReplyAddress(PREFIX + VirtualHost.randomToken(), consumer);
        addresses.put(address.name(), address);
        return address;
    }

    void close(ReplyAddress address) {
        addresses.remove(address.name());
    }

    boolean isOpen(String name) {
        return addresses.containsKey(name);
    }

    /**
     * Finds what the default exchange reaches under such a name. RabbitMQ 4.2 and later treat a reply to a requester that
     * is gone as routed, so every name of that form is found.
     */
    public @Nullable QueueDestination find(String name) {
        if (!name.startsWith(PREFIX)) {
            return null;
        }
        ReplyAddress address = addresses.get(name);
        return address != null ? address : new ReplyAddress(name, null);
    }
}
