package io.leveret.broker.channel;

import io.leveret.broker.consumer.Position;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.VirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * Publishes copies of what goes through a channel while its virtual host is traced [rabbitmqctl trace_on]. Owned by the
 * channel.
 */
final class Firehose {
    private final ClientConnection connection;
    private final VirtualHost vhost;
    private final int channel;

    Firehose(ClientConnection connection, int channel) {
        this.connection = connection;
        this.vhost = connection.vhost();
        this.channel = channel;
    }

    /** A message was published and routed. */
    void published(Message message, QueueDestination[] queues) {
        if (vhost.isTraced()) {
            publish(trace().published(message, queues));
        }
    }

    /**
     * A message is delivered or fetched.
     *
     * @param queue where it comes from; null for a reply to this channel
     */
    void delivered(@Nullable QueueRef queue, Message message, long position) {
        if (vhost.isTraced() && !TraceMessage.isTrace(message)) {
            String name = queue == null ? message.routingKey() : queue.name();
            publish(trace().delivered(message, name, Position.isRedelivered(position)));
        }
    }

    private void publish(Message copy) {
        vhost.internalPublisher().publish(vhost.traceExchange(), copy);
    }

    private TraceMessage trace() {
        return new TraceMessage(
                connection.settings().node(),
                vhost.name(),
                connection.output().name(),
                channel,
                connection.user().name());
    }
}
