package io.leveret.broker.exchange;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** A message for routing tests, made of what routing looks at. */
public record TestMessage(
        String routingKey, List<String> extraKeys, Supplier<FieldTable> headersSource, BasicProperties properties)
        implements RoutedMessage {

    public TestMessage(String routingKey, List<String> extraKeys, Supplier<FieldTable> headersSource) {
        this(routingKey, extraKeys, headersSource, BasicProperties.EMPTY);
    }

    /** Without headers. */
    public static TestMessage of(String routingKey) {
        return new TestMessage(routingKey, List.of(), () -> FieldTable.EMPTY);
    }

    public static TestMessage of(String routingKey, FieldTable headers) {
        return of(routingKey, BasicProperties.builder().headers(headers).build());
    }

    public static TestMessage of(String routingKey, BasicProperties properties) {
        FieldTable headers = properties.headers();
        return new TestMessage(routingKey, List.of(), () -> headers == null ? FieldTable.EMPTY : headers, properties);
    }

    @Override
    public FieldTable headers() {
        return headersSource.get();
    }

    @Override
    public Message message() {
        return message("x", routingKey, properties);
    }

    /** A message whose body is its routing key. */
    public static Message message(String exchange, String routingKey, BasicProperties properties) {
        byte[] name = exchange.getBytes(StandardCharsets.UTF_8);
        byte[] key = routingKey.getBytes(StandardCharsets.UTF_8);
        byte[] header = properties.toBytes();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.write(name.length);
        data.writeBytes(name);
        data.write(key.length);
        data.writeBytes(key);
        int propertiesOffset = data.size();
        data.writeBytes(header);
        int bodyOffset = data.size();
        data.writeBytes(key);
        return Message.of(data.toByteArray(), propertiesOffset, bodyOffset, false, 0);
    }
}
