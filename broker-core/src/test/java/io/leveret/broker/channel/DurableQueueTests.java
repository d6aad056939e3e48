package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.message.BasicProperties;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DurableQueueTests {
    private static final BasicProperties PERSISTENT =
            BasicProperties.builder().deliveryMode(2).build();

    private final InMemoryDefinitionStore definitions = new InMemoryDefinitionStore();
    private InMemoryMessageJournal messages = new InMemoryMessageJournal();
    private TestBroker broker = new TestBroker(BrokerConfig.defaults("test"), definitions, messages);

    @AfterEach
    void closeBroker() {
        messages.releaseCommits();
        broker.close();
    }

    private void restart() {
        broker.close();
        messages = messages.restarted();
        broker = new TestBroker(BrokerConfig.defaults("test"), definitions, messages);
    }

    private TestChannel confirming(int loop) {
        TestClient client = broker.connect(loop);
        TestChannel channel = client.open();
        client.turn(() -> channel.channel.confirmSelect());
        return channel;
    }

    private void awaitLog(TestChannel channel, String... log) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            broker.runAll();
            assertThat(channel.output.log).containsExactly(log);
        });
    }

    @Test
    void confirmsWhenTheMessageIsStored() {
        TestChannel channel = confirming(0);
        channel.declare("q", true, false, false);
        messages.blockCommits();
        channel.publish("", "q", PERSISTENT, false, "a");
        broker.runAll();
        assertThat(channel.output.log).isEmpty();
        messages.releaseCommits();
        awaitLog(channel, "ack 1");
    }

    @Test
    void confirmsWhatAQueueOfAnotherLoopHasStored() {
        confirming(1).declare("q", true, false, false);
        TestChannel channel = confirming(0);
        channel.publish("", "q", PERSISTENT, false, "a");
        awaitLog(channel, "ack 1");
        restart();
        assertThat(confirming(0).counts("q")).startsWith("[ready=1,");
    }

    @Test
    void keepsPersistentMessagesAndForgetsWhatWasAcknowledged() {
        TestChannel channel = confirming(0);
        channel.declare("q", true, false, false);
        for (String body : new String[] {"a", "b", "c"}) {
            channel.publish("", "q", PERSISTENT, false, body);
        }
        channel.publish("", "q", BasicProperties.EMPTY, false, "transient");
        awaitLog(channel, "ack 4", "ack 3 multiple");
        channel.consume("q", "tag");
        channel.ack(2, false);
        broker.runAll();
        restart();
        TestChannel again = confirming(0);
        again.consume("q", "tag", true);
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            broker.runAll();
            assertThat(again.bodies()).containsExactly("a", "c");
        });
    }
}
