package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a durable exchange of type x-recent-history keeps is there again after a restart. */
class DurableHistoryTests {
    private static final FieldTable THREE = FieldTable.of(Map.of("x-recent-history-length", FieldValue.of(3)));

    private final RestartableBroker restartable = new RestartableBroker();
    private long exchange;

    @AfterEach
    void closeBroker() {
        restartable.close();
    }

    private void declare(boolean durable) {
        TestBroker broker = restartable.broker();
        exchange = broker.await(broker.vhost()
                        .declareExchange(
                                new ExchangeDeclaration("recent", "x-recent-history", durable, false, false, THREE)))
                .id();
    }

    private void publish(BasicProperties properties, String... bodies) {
        TestChannel channel = restartable.open(1);
        for (String body : bodies) {
            channel.publish("recent", "", properties, false, body);
        }
        restartable.awaitWritten();
    }

    private List<String> history(String queue) {
        restartable.declare(0, queue);
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost().bind(new BindingRequest("recent", queue, true, "", FieldTable.EMPTY, null)));
        return restartable.drain(queue);
    }

    @Test
    void goesOnAfterARestart() {
        declare(true);
        publish(PERSISTENT, "a", "b");
        publish(BasicProperties.EMPTY, "c", "transient");
        restartable.crash();
        assertThat(history("first")).containsExactly("b", "c", "transient");
        publish(PERSISTENT, "d");
        restartable.restart();
        assertThat(history("second")).containsExactly("c", "transient", "d");
        assertThat(JournalContents.settlements(restartable.messages(), exchange))
                .as("those that had to give way, once they had been written")
                .isLessThanOrEqualTo(2);
    }

    @Test
    void isForgottenWithTheExchange() {
        declare(true);
        publish(PERSISTENT, "a", "b");
        TestBroker broker = restartable.broker();
        broker.await(broker.vhost().deleteExchange("recent", false));
        restartable.awaitWritten();
        assertThat(JournalContents.settlements(restartable.messages(), exchange))
                .isEqualTo(2);
        declare(true);
        restartable.restart();
        assertThat(history("q")).isEmpty();
    }

    @Test
    void isInMemoryAloneIfTheExchangeIsTransient() {
        declare(false);
        publish(PERSISTENT, "a");
        assertThat(JournalContents.entries(restartable.messages(), exchange)).isZero();
        assertThat(history("q")).containsExactly("a");
    }
}
