package io.leveret.broker.test.client;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.BrowsedMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A message that is ready in a queue, as it was when somebody looked.
 *
 * @param queue the queue it is in
 * @param exchange what it was last published to, by a client or as a dead letter; empty for the default exchange
 * @param routingKey with which key
 * @param redelivered whether it was handed out before and came back
 * @param isDeadLetter whether this broker dead-lettered it, so that {@code x-death} in its headers is not somebody else's
 * @param properties all of its properties, as the broker has them
 * @param headers its headers as plain values: {@link String}, {@link Long} for every integer, {@link java.time.Instant},
 *     {@link Boolean}, {@link Double}, {@code List}, {@code Map}, {@code byte[]}; empty if it has none
 * @param body a copy, yours
 */
public record PeekedMessage(
        String queue,
        String exchange,
        String routingKey,
        boolean redelivered,
        boolean isDeadLetter,
        BasicProperties properties,
        Map<String, Object> headers,
        byte[] body) {

    static PeekedMessage of(String queue, BrowsedMessage browsed) {
        Message message = browsed.message();
        BasicProperties properties =
                BasicProperties.read(message.data(), message.propertiesOffset(), message.propertiesLength());
        byte[] body = new byte[message.bodyLength()];
        System.arraycopy(message.data(), message.bodyOffset(), body, 0, body.length);
        return new PeekedMessage(
                queue,
                message.exchange(),
                message.routingKey(),
                browsed.redelivered(),
                message.hasDeaths(),
                properties,
                PlainValues.of(properties.headers()),
                body);
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "'" + text() + "' in '" + queue + "', published to '" + exchange + "' with '" + routingKey + "'"
                + (redelivered ? ", redelivered" : "") + (headers.isEmpty() ? "" : ", headers " + headers);
    }
}
