package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueCounts;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageEvent;
import io.leveret.broker.stats.QueueTotals;
import io.leveret.broker.vhost.TopologyListener;
import io.leveret.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted of messages, by queues of the connection's own loop and of another one. */
class MessageCountsTests {
    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();
    private final TestChannel other = broker.connect(1).open();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void countsWhatConsumersGetAndAcknowledge() {
        channel.declare("near");
        other.declare("far");
        channel.publish("near", "a", "b");
        channel.publish("far", "c", "d", "e");
        broker.runAll();
        channel.consume("near", "n");
        channel.consume("far", "f", true);
        channel.ack(2, true);
        assertThat(counted())
                .isEqualTo(Map.of(
                        MessageEvent.PUBLISHED, 5L,
                        MessageEvent.DELIVERED, 2L,
                        MessageEvent.DELIVERED_NO_ACK, 3L,
                        MessageEvent.ACKED, 2L));
        assertThat(countedOf("near"))
                .isEqualTo(Map.of(MessageEvent.PUBLISHED, 2L, MessageEvent.DELIVERED, 2L, MessageEvent.ACKED, 2L));
        assertThat(countedOf("far")).isEqualTo(Map.of(MessageEvent.PUBLISHED, 3L, MessageEvent.DELIVERED_NO_ACK, 3L));
    }

    @Test
    void countsWhatIsHandedStraightToAConsumer() {
        other.declare("far");
        channel.consume("far", "f");
        channel.publish("far", "a");
        broker.runAll();
        assertThat(counted()).isEqualTo(Map.of(MessageEvent.PUBLISHED, 1L, MessageEvent.DELIVERED, 1L));
        assertThat(countedOf("far")).isEqualTo(Map.of(MessageEvent.PUBLISHED, 1L, MessageEvent.DELIVERED, 1L));
    }

    @Test
    void countsWhatIsFetchedAndFetchedAgain() {
        channel.declare("q");
        channel.publish("q", "a", "b");
        channel.get("q", true);
        channel.get("q", false);
        channel.nack(2, false, true);
        channel.get("q", false);
        channel.get("q", false);
        assertThat(counted())
                .isEqualTo(Map.of(
                        MessageEvent.PUBLISHED, 2L,
                        MessageEvent.FETCHED_NO_ACK, 1L,
                        MessageEvent.FETCHED, 2L,
                        MessageEvent.REDELIVERED, 1L,
                        MessageEvent.FETCHED_NOTHING, 1L));
        assertThat(countedOf("q"))
                .isEqualTo(Map.of(
                        MessageEvent.PUBLISHED, 2L,
                        MessageEvent.FETCHED_NO_ACK, 1L,
                        MessageEvent.FETCHED, 2L,
                        MessageEvent.REDELIVERED, 1L));
    }

    @Test
    void countsRedeliveriesToConsumers() {
        other.declare("far");
        channel.publish("far", "a");
        broker.runAll();
        channel.consume("far", "f");
        channel.nack(1, false, true);
        assertThat(counted())
                .isEqualTo(
                        Map.of(MessageEvent.PUBLISHED, 1L, MessageEvent.DELIVERED, 2L, MessageEvent.REDELIVERED, 1L));
        assertThat(countedOf("far")).isEqualTo(counted());
    }

    @Test
    void countsWhatNoQueueGets() {
        channel.publish("", "nowhere", BasicProperties.EMPTY, true, "back");
        channel.publish("", "nowhere", BasicProperties.EMPTY, false, "gone");
        assertThat(counted())
                .isEqualTo(Map.of(MessageEvent.PUBLISHED, 2L, MessageEvent.RETURNED, 1L, MessageEvent.DROPPED, 1L));
    }

    @Test
    void countsConfirmsOnce() {
        channel.declare("near");
        other.declare("far");
        client.turn(channel.channel::confirmSelect);
        channel.publish("far", "a");
        channel.publish("near", "b");
        channel.publish("nowhere", "c");
        broker.runAll();
        assertThat(broker.broker.count(MessageEvent.CONFIRMED)).isEqualTo(3);
    }

    @Test
    void countsTransactionsWhenTheyAreCommitted() {
        channel.declare("q");
        client.turn(channel.channel::txSelect);
        channel.publish("q", "a");
        channel.publish("", "nowhere", BasicProperties.EMPTY, true, "b");
        channel.get("q", false);
        assertThat(counted()).isEqualTo(Map.of(MessageEvent.FETCHED_NOTHING, 1L));
        client.request(() -> channel.channel.txCommit());
        channel.get("q", false);
        channel.ack(1, false);
        assertThat(broker.broker.count(MessageEvent.ACKED)).isZero();
        client.request(() -> channel.channel.txCommit());
        assertThat(counted())
                .isEqualTo(Map.of(
                        MessageEvent.PUBLISHED, 2L,
                        MessageEvent.RETURNED, 1L,
                        MessageEvent.FETCHED, 1L,
                        MessageEvent.ACKED, 1L,
                        MessageEvent.FETCHED_NOTHING, 1L));
    }

    @Test
    void countsDeadLettersIfTheyAreSentOn() {
        channel.declare("dead");
        channel.declare("mortal", deadLettersTo(""));
        channel.declare("lost", deadLettersTo("missing"));
        channel.publish("mortal", "a");
        channel.publish("lost", "b");
        channel.get("mortal", false);
        channel.get("lost", false);
        channel.nack(2, true, false);
        assertThat(counted())
                .isEqualTo(
                        Map.of(MessageEvent.PUBLISHED, 2L, MessageEvent.FETCHED, 2L, MessageEvent.DEAD_LETTERED, 1L));
        assertThat(countedOf("mortal")).containsEntry(MessageEvent.DEAD_LETTERED, 1L);
        assertThat(countedOf("dead")).isEqualTo(Map.of(MessageEvent.PUBLISHED, 1L));
    }

    private static FieldTable deadLettersTo(String exchange) {
        return FieldTable.builder()
                .put("x-dead-letter-exchange", FieldValue.of(exchange))
                .put("x-dead-letter-routing-key", FieldValue.of("dead"))
                .build();
    }

    @Test
    void showsHowFullQueuesAreWithoutTheirLoops() {
        channel.declare("near");
        other.declare("far");
        channel.publish("near", "12", "3");
        channel.publish("far", "4567");
        broker.runAll();
        channel.consume("far", "f");
        channel.get("near", false);
        // nothing runs: this thread is no loop
        assertThat(queue("far").glance()).isEqualTo(new QueueCounts(0, 1, 1, 0, 4));
        assertThat(queue("near").glance()).isEqualTo(new QueueCounts(1, 1, 0, 1, 2));
        assertThat(broker.vhost().queueTotals()).isEqualTo(new QueueTotals(2, 1, 2, 1, 1, 6));
        assertThat(broker.broker.connections().count()).isEqualTo(2);
        assertThat(broker.broker.connections().channelCount()).isEqualTo(2);
        assertThat(broker.broker.connections().channelCountOfVirtualHost("/")).isEqualTo(2);
        channel.close();
        assertThat(broker.broker.connections().channelCountOfVirtualHost("/")).isEqualTo(1);
    }

    @Test
    void whatWasCountedInAVirtualHostOutlivesIt() {
        channel.publish("nowhere", "a");
        broker.await(broker.broker.putVirtualHost("v"));
        broker.await(broker.broker.deleteVirtualHost("/"));
        assertThat(broker.broker.count(MessageEvent.PUBLISHED)).isEqualTo(1);
    }

    @Test
    void tellsWhatQueuesAndVirtualHostsThereAre() {
        channel.declare("before");
        RecordingListener listener = new RecordingListener();
        broker.await(broker.broker.addTopologyListener(listener));
        channel.declare("later");
        client.request(() -> channel.channel.topology().deleteQueue("before", false, false));
        broker.await(broker.broker.putVirtualHost("v"));
        broker.await(broker.broker.deleteVirtualHost("v"));
        assertThat(listener.heard).containsExactly("+/", "+before", "+later", "-before", "+v", "-v");
        broker.broker.removeTopologyListener(listener);
        channel.declare("unheard");
        assertThat(listener.heard).hasSize(6);
    }

    @Test
    void aListenerThatFailsChangesNothing() {
        broker.await(broker.broker.addTopologyListener(new RecordingListener() {
            @Override
            public void queueAdded(QueueRef queue) {
                throw new IllegalStateException("on purpose");
            }
        }));
        channel.declare("q");
        channel.publish("q", "a");
        assertThat(channel.get("q", true)).isEqualTo("a");
    }

    private QueueRef queue(String name) {
        return broker.vhost().requireQueue(name);
    }

    private Map<MessageEvent, Long> counted() {
        Map<MessageEvent, Long> counted = new EnumMap<>(MessageEvent.class);
        for (MessageEvent event : MessageEvent.values()) {
            long count = broker.vhost().counts().get(event);
            assertThat(broker.broker.count(event)).isEqualTo(count);
            if (count > 0) {
                counted.put(event, count);
            }
        }
        return counted;
    }

    private Map<MessageEvent, Long> countedOf(String name) {
        Map<MessageEvent, Long> counted = new EnumMap<>(MessageEvent.class);
        for (MessageEvent event : MessageEvent.values()) {
            long count = queue(name).counts().get(event);
            if (count > 0) {
                assertThat(event.isOfQueue()).isTrue();
                counted.put(event, count);
            }
        }
        return counted;
    }

    private static class RecordingListener implements TopologyListener {
        final List<String> heard = new ArrayList<>();

        @Override
        public void virtualHostAdded(VirtualHost vhost) {
            heard.add("+" + vhost.name());
        }

        @Override
        public void virtualHostRemoved(VirtualHost vhost) {
            heard.add("-" + vhost.name());
        }

        @Override
        public void queueAdded(QueueRef queue) {
            heard.add("+" + queue.name());
        }

        @Override
        public void queueRemoved(QueueRef queue) {
            heard.add("-" + queue.name());
        }
    }
}
