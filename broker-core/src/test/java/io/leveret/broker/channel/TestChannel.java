package io.leveret.broker.channel;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A channel of a {@link TestClient} with the requests of tests in short form. */
final class TestChannel {
    final TestClient client;
    final RecordingOutput output = new RecordingOutput();
    final Channel channel;

    TestChannel(TestClient client) {
        this.client = client;
        this.channel = client.loop.call(() -> client.connection.openChannel(output));
    }

    /** Declares a queue that is shared and transient. */
    void declare(String queue) {
        declare(queue, false, false, false);
    }

    DeclareResult declare(String queue, boolean durable, boolean exclusive, boolean autoDelete) {
        return client.request(
                () -> channel.topology().declareQueue(queue, durable, exclusive, autoDelete, FieldTable.EMPTY));
    }

    /** Declares a transient shared queue with one argument. */
    void declare(String queue, String argument, FieldValue value) {
        declare(queue, FieldTable.builder().put(argument, value).build());
    }

    /** Declares a transient shared queue. */
    void declare(String queue, FieldTable arguments) {
        client.request(() -> channel.topology().declareQueue(queue, false, false, false, arguments));
    }

    /** Publishes to the default exchange, one turn for all; other loops have not run yet. */
    void publish(String queue, String... bodies) {
        client.turn(() -> {
            for (String body : bodies) {
                publishNow("", queue, BasicProperties.EMPTY, false, body);
            }
        });
    }

    void publish(String exchange, String routingKey, BasicProperties properties, boolean mandatory, String body) {
        client.turn(() -> publishNow(exchange, routingKey, properties, mandatory, body));
    }

    private void publishNow(
            String exchange, String routingKey, BasicProperties properties, boolean mandatory, String body) {
        Message message = Messages.of(exchange, routingKey, properties, body);
        channel.publish(message.data(), message.propertiesOffset(), message.bodyOffset(), mandatory);
    }

    /** Consumes with acknowledgement and runs what follows. */
    void consume(String queue, String tag) {
        consume(queue, tag, false);
    }

    void consume(String queue, String tag, boolean noAck) {
        consume(new ConsumeRequest(queue, tag, noAck, false, FieldTable.EMPTY));
    }

    String consume(ConsumeRequest request) {
        String tag = client.request(() -> channel.consume(request));
        client.turn(() -> channel.start(tag));
        client.broker.runAll();
        return tag;
    }

    void cancel(String tag) {
        client.request(() -> channel.cancel(tag));
    }

    /** The body of the next message, with an asterisk if it is a redelivery; null when there is none. */
    @Nullable String get(String queue, boolean noAck) {
        Fetched fetched = client.request(() -> channel.get(queue, noAck));
        return fetched == null ? null : Messages.body(fetched.message()) + (fetched.redelivered() ? "*" : "");
    }

    void qos(int prefetch, boolean global) {
        client.turn(() -> channel.qos(0, prefetch, global));
        client.broker.runAll();
    }

    void ack(long tag, boolean multiple) {
        client.turn(() -> channel.ack(tag, multiple));
        client.broker.runAll();
    }

    void nack(long tag, boolean multiple, boolean requeue) {
        client.turn(() -> channel.nack(tag, multiple, requeue));
        client.broker.runAll();
    }

    void close() {
        client.request(channel::close);
    }

    /** What a passive declare tells, and the unacked too. */
    String counts(String queue) {
        return client.broker
                .await(client.broker.vhost().requireQueue(queue).submit(owned -> owned.onCounts()))
                .toString()
                .replaceFirst("QueueCounts(.*), readyBytes=.*", "$1]");
    }

    List<String> bodies() {
        return output.bodies();
    }
}
