package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Methods sent without waiting for replies are handled one after the other. */
@Tag("behaviour")
class PipeliningTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void declareBindPublishAndConsumeWorkWithoutWaiting() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.name();
        String queue = broker.name();
        Deliveries deliveries = new Deliveries(channel);
        channel.setDefaultConsumer(deliveries);

        channel.exchangeDeclareNoWait(exchange, "topic", false, false, false, null);
        channel.queueDeclareNoWait(queue, false, false, false, null);
        channel.queueBindNoWait(queue, exchange, "a.#", null);
        channel.basicPublish(exchange, "a.b", null, bytes("first"));
        channel.asyncRpc(new AMQP.Basic.Consume.Builder()
                .queue(queue)
                .consumerTag("tag")
                .noAck()
                .nowait()
                .build());
        channel.basicPublish(exchange, "a", null, bytes("second"));

        assertThat(deliveries.nextBodies(2)).containsExactly("first", "second");
    }

    @Test
    void repliesComeInTheOrderOfTheRequests() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        List<Method> requests = List.of(
                new AMQP.Queue.Declare.Builder().queue(queue).build(),
                new AMQP.Queue.Bind.Builder()
                        .queue(queue)
                        .exchange("amq.direct")
                        .routingKey(queue)
                        .build(),
                new AMQP.Basic.Qos.Builder().prefetchCount(1).build(),
                new AMQP.Queue.Unbind.Builder()
                        .queue(queue)
                        .exchange("amq.direct")
                        .routingKey(queue)
                        .build(),
                new AMQP.Queue.Purge.Builder().queue(queue).build(),
                new AMQP.Queue.Delete.Builder().queue(queue).build());

        List<CompletableFuture<Command>> replies = new ArrayList<>();
        for (Method request : requests) {
            replies.add(channel.asyncCompletableRpc(request));
        }

        assertThat(CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(60));
        assertThat(replies)
                .extracting(reply -> reply.join().getMethod().protocolMethodName())
                .containsExactly(
                        "queue.declare-ok",
                        "queue.bind-ok",
                        "basic.qos-ok",
                        "queue.unbind-ok",
                        "queue.purge-ok",
                        "queue.delete-ok");
    }

    @Test
    void bindingIsInEffectForTheNextPublishAndGoneAfterUnbind() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queue(channel);

        for (int i = 0; i < 50; i++) {
            channel.queueBindNoWait(queue, exchange, "key", null);
            channel.basicPublish(exchange, "key", null, bytes("bound " + i));
            channel.queueUnbind(queue, exchange, "key");
            channel.basicPublish(exchange, "key", null, bytes("unbound " + i));
        }

        assertThat(TestBroker.drain(channel, queue)).hasSize(50).allMatch(body -> body.startsWith("bound"));
    }

    @Test
    void whatFollowsTheErrorIsIgnored() throws IOException {
        Channel channel = broker.channel();
        String before = broker.name();
        String missing = broker.name();
        String after = broker.name();

        assertThatChannelCloses(
                channel,
                () -> {
                    channel.queueDeclareNoWait(before, false, false, false, null);
                    channel.queueBindNoWait(missing, "amq.direct", "key", null);
                    channel.queueDeclareNoWait(after, false, false, false, null);
                },
                404,
                "NOT_FOUND - no queue '" + missing + "' in vhost '/'",
                50,
                20);

        assertThat(TestBroker.queueExists(broker.connection(), before)).isTrue();
        assertThat(TestBroker.queueExists(broker.connection(), after)).isFalse();
    }
}
