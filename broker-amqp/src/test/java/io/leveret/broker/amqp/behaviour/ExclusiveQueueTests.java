package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class ExclusiveQueueTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** What another connection may not do with an exclusive queue. */
    enum Operation {
        DECLARE(50, 10) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queueDeclare(queue, false, true, false, null);
            }
        },
        DECLARE_SHARED(50, 10) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queueDeclare(queue, false, false, false, null);
            }
        },
        DECLARE_PASSIVE(50, 10) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queueDeclarePassive(queue);
            }
        },
        BIND(50, 20) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queueBind(queue, "amq.direct", "key");
            }
        },
        UNBIND(50, 50) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queueUnbind(queue, "amq.direct", "key");
            }
        },
        PURGE(50, 30) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queuePurge(queue);
            }
        },
        DELETE(50, 40) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.queueDelete(queue);
            }
        },
        CONSUME(60, 20) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.basicConsume(queue, new Deliveries(channel));
            }
        },
        GET(60, 70) {
            @Override
            void on(Channel channel, String queue) throws IOException {
                channel.basicGet(queue, true);
            }
        };

        final int classId;
        final int methodId;

        Operation(int classId, int methodId) {
            this.classId = classId;
            this.methodId = methodId;
        }

        abstract void on(Channel channel, String queue) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void refusesOtherConnections(Operation operation) throws IOException {
        Channel owner = broker.channel();
        String queue = exclusiveQueue(owner);
        owner.queueBind(queue, "amq.direct", "key");
        Channel other = broker.channelOnNewConnection();

        assertThatChannelCloses(
                other, () -> operation.on(other, queue), 405, locked(queue), operation.classId, operation.methodId);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DECLARE_SHARED")
    void servesAllChannelsOfItsConnection(Operation operation) throws IOException {
        String queue = exclusiveQueue(broker.channel());
        Channel sibling = broker.channel();

        operation.on(sibling, queue);

        assertThat(sibling.isOpen()).isTrue();
    }

    @Test
    void unbindingWhatIsNotBoundSucceedsFromAnyConnection() throws IOException {
        String queue = exclusiveQueue(broker.channel());
        Channel other = broker.channelOnNewConnection();

        other.queueUnbind(queue, "amq.direct", "key");

        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void anyConnectionMayPublishToIt() throws IOException {
        Channel owner = broker.channel();
        String queue = exclusiveQueue(owner);
        Deliveries deliveries = Deliveries.noAck(owner, queue);

        TestBroker.publish(broker.channelOnNewConnection(), queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void ownConnectionMayNotRedeclareItShared() throws IOException {
        Channel channel = broker.channel();
        String queue = exclusiveQueue(channel);

        assertThatChannelCloses(
                channel, () -> channel.queueDeclare(queue, false, false, false, null), 405, locked(queue), 50, 10);
    }

    @Test
    void sharedQueueMayNotBeRedeclaredExclusive() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel, () -> channel.queueDeclare(queue, false, true, false, null), 405, locked(queue), 50, 10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void durableFlagMakesNoDifference(boolean durable) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(queue, durable, true, false, null);

        assertThat(channel.queueDeclare(queue, !durable, true, false, null).getQueue())
                .isEqualTo(queue);
    }

    @Test
    void differentAutoDeleteIsStillInequivalent() throws IOException {
        Channel channel = broker.channel();
        String queue = exclusiveQueue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, true, true, null),
                406,
                "PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue '" + queue
                        + "' in vhost '/': received 'true' but current is 'false'",
                50,
                10);
    }

    @Test
    void isGoneWhenItsConnectionWasClosed() throws IOException {
        Connection owner = broker.connect();
        String queue = exclusiveQueue(owner.createChannel());

        owner.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void durableOneIsGoneToo() throws IOException {
        Connection owner = broker.connect();
        String queue = broker.name();
        owner.createChannel().queueDeclare(queue, true, true, false, null);

        owner.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void isGoneSoonAfterItsSocketWasLost() throws IOException {
        Connection owner = broker.connect();
        Channel channel = owner.createChannel();
        String queue = exclusiveQueue(channel);
        String exchange = broker.exchange(channel, "fanout");
        channel.queueBind(queue, exchange, "");

        broker.drop(owner);

        Channel other = broker.channel();
        await().ignoreExceptions()
                .until(() -> broker.connection()
                        .createChannel()
                        .queueDeclare(queue, false, false, false, null)
                        .getQueue()
                        .equals(queue));
        other.exchangeDelete(exchange, true);
        assertThat(other.isOpen()).as("exchange had no binding left").isTrue();
    }

    @Test
    void outlivesItsChannel() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = exclusiveQueue(channel);
        TestBroker.publish(channel, queue, "a");

        channel.close();

        Channel next = broker.channel();
        TestBroker.awaitReady(next, queue, 1);
        assertThat(TestBroker.drain(next, queue)).containsExactly("a");
    }

    @Test
    void anotherConnectionMayDeclareTheNameOnceItsOwnerIsGone() throws IOException {
        Connection owner = broker.connect();
        String queue = exclusiveQueue(owner.createChannel());
        owner.close();

        Channel next = broker.channel();
        next.queueDeclare(queue, false, true, false, null);

        assertThat(next.isOpen()).isTrue();
    }

    private String exclusiveQueue(Channel channel) throws IOException {
        return channel.queueDeclare(broker.name(), false, true, false, null).getQueue();
    }

    private static String locked(String queue) {
        return "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '" + queue
                + "' in vhost '/'. It could be originally declared on another connection or the exclusive property"
                + " value does not match that of the original declaration.";
    }
}
