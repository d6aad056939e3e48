package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.MalformedPropertiesException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who watches what is published is told of each message and what became of it. */
class PublishObserverTests {
    private static final FieldTable TRACE = FieldTable.EMPTY.with("traceparent", FieldValue.of("00-1-2-01"));

    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void seesWhereAMessageGoes() {
        channel.declare("q");
        broker.broker.observePublishes(this::record);

        channel.publish("", "q", BasicProperties.builder().headers(TRACE).build(), false, "a");
        channel.publish("", "q", BasicProperties.EMPTY, false, "b");
        channel.publish("amq.fanout", "key", BasicProperties.EMPTY, true, "c");

        assertThat(seen)
                .containsExactly(
                        "/ [] [q] " + TRACE,
                        "routed to 1",
                        "/ [] [q] " + FieldTable.EMPTY,
                        "routed to 1",
                        "/ [amq.fanout] [key] " + FieldTable.EMPTY,
                        "routed to 0");
        assertThat(channel.get("q", true)).isEqualTo("a");
    }

    @Test
    void seesWhyAMessageIsRefused() {
        broker.broker.observePublishes(this::record);

        catchRuntimeException(() -> channel.publish("missing", "key", BasicProperties.EMPTY, false, "a"));

        assertThat(seen)
                .containsExactly(
                        "/ [missing] [key] " + FieldTable.EMPTY,
                        "refused: NOT_FOUND - no exchange 'missing' in vhost '/'");
    }

    @Test
    void seesThatPropertiesMakeNoSense() {
        broker.broker.observePublishes(this::record);
        byte[] data = {0, 1, 'q', (byte) 0x80, 0, 5, 'x'};

        RuntimeException thrown =
                catchRuntimeException(() -> client.turn(() -> channel.channel.publish(data, 3, data.length, false)));

        assertThat(thrown).isInstanceOf(MalformedPropertiesException.class);
        assertThat(seen)
                .containsExactly("/ [] [q] " + FieldTable.EMPTY, "refused: malformed properties in content header");
    }

    @Test
    void seesNothingOfWhatTheBrokerPublishes() {
        channel.declare("dead");
        channel.declare(
                "q",
                FieldTable.builder()
                        .put("x-dead-letter-exchange", FieldValue.of(""))
                        .put("x-dead-letter-routing-key", FieldValue.of("dead"))
                        .build());
        channel.publish("q", "a");
        broker.broker.observePublishes(this::record);

        channel.consume("q", "c");
        channel.nack(1, false, false);

        assertThat(channel.get("dead", true)).isEqualTo("a");
        assertThat(seen).isEmpty();
    }

    @Test
    void seesNothingAnyMoreOnceItIsTakenAway() {
        channel.declare("q");
        broker.broker.observePublishes(this::record);
        channel.publish("q", "a");
        broker.broker.observePublishes(null);
        channel.publish("q", "b");

        assertThat(seen).hasSize(2);
        assertThat(channel.get("q", true)).isEqualTo("a");
        assertThat(channel.get("q", true)).isEqualTo("b");
    }

    private PublishObserver.Publication record(String vhost, String exchange, String key, FieldTable headers) {
        seen.add("%s [%s] [%s] %s".formatted(vhost, exchange, key, headers));
        return new PublishObserver.Publication() {
            @Override
            public void routed(int queues) {
                seen.add("routed to " + queues);
            }

            @Override
            public void refused(RuntimeException reason) {
                seen.add("refused: " + (reason instanceof AmqpError error ? error.replyText() : reason.getMessage()));
            }
        };
    }
}
