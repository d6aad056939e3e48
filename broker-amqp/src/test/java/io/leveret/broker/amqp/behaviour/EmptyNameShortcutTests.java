package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An empty queue name means the queue last declared on the channel. */
@Tag("behaviour")
class EmptyNameShortcutTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** The methods that know the shortcut. */
    enum Operation {
        BIND(50, 20) {
            @Override
            void on(Channel channel) throws IOException {
                channel.queueBind("", "amq.direct", "key");
            }
        },
        UNBIND(50, 50) {
            @Override
            void on(Channel channel) throws IOException {
                channel.queueUnbind("", "amq.direct", "key");
            }
        },
        PURGE(50, 30) {
            @Override
            void on(Channel channel) throws IOException {
                channel.queuePurge("");
            }
        },
        DELETE(50, 40) {
            @Override
            void on(Channel channel) throws IOException {
                channel.queueDelete("");
            }
        },
        CONSUME(60, 20) {
            @Override
            void on(Channel channel) throws IOException {
                channel.basicConsume("", new Deliveries(channel));
            }
        },
        GET(60, 70) {
            @Override
            void on(Channel channel) throws IOException {
                channel.basicGet("", true);
            }
        };

        final int classId;
        final int methodId;

        Operation(int classId, int methodId) {
            this.classId = classId;
            this.methodId = methodId;
        }

        abstract void on(Channel channel) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void failsOnChannelThatDeclaredNoQueue(Operation operation) throws IOException {
        Channel channel = broker.channel();
        broker.queue(broker.channel());

        assertThatChannelCloses(
                channel,
                () -> operation.on(channel),
                404,
                "NOT_FOUND - no previously declared queue",
                operation.classId,
                operation.methodId);
    }

    @Test
    void namesTheQueueLastDeclared() throws IOException {
        Channel channel = broker.channel();
        String first = broker.queue(channel);
        String second = broker.queue(channel);
        TestBroker.publish(channel, first, "first");
        TestBroker.publish(channel, second, "second", "more", "still more");

        assertThat(TestBroker.text(channel.basicGet("", true).getBody())).isEqualTo("second");
        assertThat(Deliveries.noAck(channel, "").nextBody()).isEqualTo("more");
        TestBroker.awaitReady(channel, first, 1);
    }

    @Test
    void namesTheQueueLastDeclaredPassively() throws IOException {
        Channel channel = broker.channel();
        String first = broker.queue(channel);
        broker.queue(channel);
        TestBroker.publish(channel, first, "a", "b");

        channel.queueDeclarePassive(first);

        assertThat(channel.queuePurge("").getMessageCount()).isEqualTo(2);
    }

    @Test
    void namesServerNamedQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = channel.queueDeclare().getQueue();
        TestBroker.publish(channel, queue, "a");

        assertThat(TestBroker.text(channel.basicGet("", true).getBody())).isEqualTo("a");
    }

    @Test
    void bindWithEmptyQueueAndEmptyKeyUsesTheQueuesNameAsKey() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queue(channel);

        channel.queueBind("", exchange, "");
        channel.basicPublish(exchange, queue, null, TestBroker.bytes("by name"));
        channel.basicPublish(exchange, "", null, TestBroker.bytes("by empty key"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("by name");
    }

    @Test
    void unbindWithEmptyQueueAndEmptyKeyUsesTheQueuesNameAsKey() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, queue);

        channel.queueUnbind("", exchange, "");
        channel.basicPublish(exchange, queue, null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).isEmpty();
    }

    @Test
    void emptyKeyWithNamedQueueStaysEmpty() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queue(channel);

        channel.queueBind(queue, exchange, "");
        channel.basicPublish(exchange, queue, null, TestBroker.bytes("by name"));
        channel.basicPublish(exchange, "", null, TestBroker.bytes("by empty key"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("by empty key");
    }

    @Test
    void emptyQueueWithKeyKeepsTheKey() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queue(channel);

        channel.queueBind("", exchange, "key");
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void keepsTheNameOfDeletedQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.queueDelete("");

        assertThatChannelCloses(
                channel,
                () -> channel.basicGet("", true),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                60,
                70);
    }

    @Test
    void isNotSharedWithSiblingChannels() throws IOException {
        Channel declaring = broker.channel();
        Channel sibling = broker.channel();
        broker.queue(declaring);

        assertThatChannelCloses(
                sibling, () -> sibling.queuePurge(""), 404, "NOT_FOUND - no previously declared queue", 50, 30);
    }
}
