package io.leveret.broker.exchange;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import java.util.List;

/**
 * The message that is being routed. Nothing of it is parsed or built before somebody asks for it.
 *
 * <p>Good only during the call that it is an argument of, and on that thread; what {@link #message} returns may be kept.
 */
public interface RoutedMessage {

    /** The routing key it was published with. */
    String routingKey();

    /** More keys that it is to be routed by, from CC and then BCC; empty for most messages. */
    List<String> extraKeys();

    /** The headers, empty when it has none. */
    FieldTable headers();

    /** All properties. */
    BasicProperties properties();

    /** The whole message as queues get it, which is without BCC. Immutable. */
    Message message();
}
