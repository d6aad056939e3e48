package io.leveret.broker.message;

import java.nio.charset.StandardCharsets;

/** Builds messages for tests, and reads them. */
public final class Messages {
    private Messages() {}

    public static Message of(String body) {
        return of("", "q", BasicProperties.EMPTY, body);
    }

    public static Message of(String exchange, String routingKey, BasicProperties properties, String body) {
        byte[] address = address(exchange, routingKey);
        byte[] header = properties.toBytes();
        byte[] data = concat(concat(address, header), body.getBytes(StandardCharsets.UTF_8));
        Integer mode = properties.deliveryMode();
        Integer priority = properties.priority();
        return Message.of(
                data,
                address.length,
                address.length + header.length,
                mode != null && mode == 2,
                priority == null ? 0 : priority);
    }

    /** Exchange and routing key as {@code basic.publish} has them. */
    public static byte[] address(String exchange, String routingKey) {
        return concat(shortstr(exchange), shortstr(routingKey));
    }

    public static String body(Message message) {
        return new String(message.data(), message.bodyOffset(), message.bodyLength(), StandardCharsets.UTF_8);
    }

    public static BasicProperties properties(Message message) {
        return BasicProperties.read(message.data(), message.propertiesOffset(), message.propertiesLength());
    }

    /** The message as one whose keys somebody has replaced by its own. */
    public static Message routedByKeyAlone(Message message) {
        return message.afterDeath(message.data(), message.propertiesOffset(), message.bodyOffset(), true);
    }

    private static byte[] shortstr(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return concat(new byte[] {(byte) utf8.length}, utf8);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
