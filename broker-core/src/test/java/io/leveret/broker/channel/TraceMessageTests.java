package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceMessageTests {
    private static final TraceMessage TRACE = new TraceMessage("rabbit@here", "/", "client -> broker", 3, "guest");

    private record Queue(String name) implements QueueDestination {}

    @Test
    void copyOfAPublishHasEverythingInItsHeaders() {
        BasicProperties published = BasicProperties.builder()
                .contentType("text/plain")
                .contentEncoding("gzip")
                .headers(FieldTable.EMPTY.with("h", FieldValue.of(true)))
                .deliveryMode(2)
                .priority(5)
                .correlationId("c")
                .replyTo("r")
                .expiration("1000")
                .messageId("m")
                .timestamp(1_700_000_000L)
                .type("t")
                .userId("guest")
                .appId("a")
                .clusterId("i")
                .build();

        Message copy = TRACE.published(
                Messages.of("x", "key", published, "body"), new QueueDestination[] {new Queue("q1"), new Queue("q2")});

        assertThat(copy.exchange()).isEqualTo("amq.rabbitmq.trace");
        assertThat(copy.routingKey()).isEqualTo("publish.x");
        assertThat(Messages.body(copy)).isEqualTo("body");
        assertThat(copy.isPersistent()).isFalse();
        FieldTable properties = FieldTable.builder()
                .put("content_type", FieldValue.of("text/plain"))
                .put("content_encoding", FieldValue.of("gzip"))
                .put("headers", FieldValue.of(FieldTable.EMPTY.with("h", FieldValue.of(true))))
                .put("delivery_mode", FieldValue.of(2))
                .put("priority", FieldValue.of(5))
                .put("correlation_id", FieldValue.of("c"))
                .put("reply_to", FieldValue.of("r"))
                .put("expiration", FieldValue.of("1000"))
                .put("message_id", FieldValue.of("m"))
                .put("timestamp", FieldValue.of(1_700_000_000))
                .put("type", FieldValue.of("t"))
                .put("user_id", FieldValue.of("guest"))
                .put("app_id", FieldValue.of("a"))
                .put("cluster_id", FieldValue.of("i"))
                .build();
        assertThat(Messages.properties(copy))
                .isEqualTo(BasicProperties.builder()
                        .headers(FieldTable.builder()
                                .put("exchange_name", FieldValue.of("x"))
                                .put("routing_keys", FieldValue.of(List.of(FieldValue.of("key"))))
                                .put("properties", FieldValue.of(properties))
                                .put("node", FieldValue.of("rabbit@here"))
                                .put("vhost", FieldValue.of("/"))
                                .put("connection", FieldValue.of("client -> broker"))
                                .put("channel", FieldValue.of(3))
                                .put("user", FieldValue.of("guest"))
                                .put("routed_queues", FieldValue.of(List.of(FieldValue.of("q1"), FieldValue.of("q2"))))
                                .build())
                        .build());
    }

    @Test
    void copyOfADeliveryTellsTheQueueAndWhetherItIsARepetition() {
        Message delivered = Messages.of("", "key", BasicProperties.EMPTY, "");

        Message first = TRACE.delivered(delivered, "q", false);
        Message again = TRACE.delivered(delivered, "q", true);

        assertThat(first.routingKey()).isEqualTo("deliver.q");
        assertThat(Messages.body(first)).isEmpty();
        assertThat(header(first, "redelivered")).isEqualTo(FieldValue.of(0));
        assertThat(header(again, "redelivered")).isEqualTo(FieldValue.of(1));
        assertThat(header(first, "exchange_name")).isEqualTo(FieldValue.of(""));
        assertThat(header(first, "properties")).isEqualTo(FieldValue.of(FieldTable.EMPTY));
        assertThat(header(first, "routed_queues")).isNull();
        assertThat(TRACE.published(delivered, new QueueDestination[0]).routingKey())
                .isEqualTo("publish.");
    }

    @Test
    void routingKeysAreThoseOfCcAndBccToo() {
        BasicProperties copied = BasicProperties.builder()
                .headers(FieldTable.EMPTY.with(
                        "CC", FieldValue.of(List.of(FieldValue.of("c1"), FieldValue.of(5), FieldValue.of("c2")))))
                .build();
        Message message = Messages.of("x", "key", copied, "").withBccKeys(List.of("b"));

        assertThat(header(TRACE.published(message, new QueueDestination[0]), "routing_keys"))
                .isEqualTo(FieldValue.of(
                        List.of(FieldValue.of("key"), FieldValue.of("c1"), FieldValue.of("c2"), FieldValue.of("b"))));
    }

    @Test
    void timestampsBeyond32BitsAreWider() {
        Message message = Messages.of(
                "x", "key", BasicProperties.builder().timestamp(1L << 40).build(), "");

        FieldTable properties = (FieldTable)
                header(TRACE.delivered(message, "q", false), "properties").value();
        assertThat(properties.get("timestamp")).isEqualTo(FieldValue.of(1L << 40));
    }

    @Test
    void headersThatAreAsDeepAsTheyMayBeAreLeftOut() {
        FieldTable deep = FieldTable.EMPTY.with("a", FieldValue.of("b"));
        for (int i = 0; i < 64; i++) {
            deep = FieldTable.EMPTY.with("t", FieldValue.of(deep));
        }
        BasicProperties properties =
                BasicProperties.builder().headers(deep).messageId("m").build();
        Message message = Messages.of("x", "key", properties, "");
        assertThat(Messages.properties(message).headers()).isEqualTo(deep);

        Message copy = TRACE.delivered(message, "q", false);

        assertThat(header(copy, "properties"))
                .isEqualTo(FieldValue.of(FieldTable.EMPTY.with("message_id", FieldValue.of("m"))));
    }

    @Test
    void routingKeyIsCutToWhatFits() {
        String queue = "q".repeat(255);

        Message copy = TRACE.delivered(Messages.of("m"), queue, false);

        assertThat(copy.routingKey()).isEqualTo(("deliver." + queue).substring(0, 255));
        assertThat(Messages.body(copy)).isEqualTo("m");
    }

    private static FieldValue header(Message message, String name) {
        return Messages.properties(message).headers().get(name);
    }
}
