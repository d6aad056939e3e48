package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Method;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A method with the no-wait bit gets no reply but its errors are sent all the same. A reply nobody asked for would be taken
 * for that of the next request and fail it.
 */
@Tag("behaviour")
class NoWaitTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void everyMethodWorksWithoutReply() throws IOException {
        Channel channel = broker.channel();
        String source = broker.name();
        String exchange = broker.name();
        String queue = broker.name();

        channel.exchangeDeclareNoWait(source, "fanout", false, false, false, null);
        channel.exchangeDeclareNoWait(exchange, "direct", false, false, false, null);
        channel.queueDeclareNoWait(queue, false, false, false, null);
        channel.exchangeBindNoWait(exchange, source, "", null);
        channel.queueBindNoWait(queue, exchange, "key", null);
        channel.basicPublish(source, "key", null, bytes("a"));
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
        channel.exchangeUnbindNoWait(exchange, source, "", null);
        channel.basicPublish(source, "key", null, bytes("unbound"));
        channel.basicPublish(exchange, "key", null, bytes("purged"));
        channel.asyncRpc(new AMQP.Queue.Purge.Builder().queue(queue).nowait().build());
        assertThat(TestBroker.drain(channel, queue)).isEmpty();
        channel.queueDeleteNoWait(queue, false, false);
        channel.exchangeDeleteNoWait(exchange, false);
        channel.exchangeDeleteNoWait(source, false);

        channel.basicQos(1);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isFalse();
        assertThat(TestBroker.exchangeExists(broker.connection(), source)).isFalse();
    }

    @Test
    void consumeAndCancelWorkWithoutReply() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = new Deliveries(channel);
        channel.setDefaultConsumer(deliveries);

        channel.asyncRpc(new AMQP.Basic.Consume.Builder()
                .queue(queue)
                .consumerTag("tag")
                .noAck()
                .nowait()
                .build());
        TestBroker.publish(channel, queue, "a");
        assertThat(deliveries.nextBody()).isEqualTo("a");
        channel.asyncRpc(
                new AMQP.Basic.Cancel.Builder().consumerTag("tag").nowait().build());

        assertThat(channel.consumerCount(queue)).isZero();
    }

    @Test
    void confirmSelectWorksWithoutReply() throws IOException {
        Channel channel = broker.channel();
        channel.asyncRpc(new AMQP.Confirm.Select.Builder().nowait().build());
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, broker.queue(channel), "a");

        confirms.awaitAcked(1);
    }

    @Test
    void passiveDeclareOfExistingQueueIsNotAnswered() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.asyncRpc(
                new AMQP.Queue.Declare.Builder().queue(queue).passive().nowait().build());

        channel.basicQos(1);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void errorOfQueueDeclareIsSent() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclareNoWait(queue, true, false, false, null),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'durable' for queue '" + queue
                        + "' in vhost '/': received 'true' but current is 'false'",
                50,
                10);
    }

    @Test
    void errorOfQueueBindIsSent() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queueBindNoWait(queue, "amq.direct", "key", null),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                50,
                20);
    }

    @Test
    void errorOfConsumeIsSent() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        Method consume = new AMQP.Basic.Consume.Builder()
                .queue(queue)
                .consumerTag("tag")
                .nowait()
                .build();

        assertThatChannelCloses(
                channel,
                () -> channel.asyncRpc(consume),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                60,
                20);
    }

    @Test
    void errorOfExchangeDeleteIsSent() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeleteNoWait("amq.fanout", false),
                403,
                "ACCESS_REFUSED - deletion of system exchange 'amq.fanout' in vhost '/' not allowed",
                40,
                20);
    }
}
