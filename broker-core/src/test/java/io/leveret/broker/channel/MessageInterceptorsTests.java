package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import org.junit.jupiter.api.Test;

class MessageInterceptorsTests {
    private static final long NOW = 1_700_000_000_123L;
    private static final BasicProperties SET = BasicProperties.builder()
            .headers(FieldTable.builder()
                    .put("x-routed-by", FieldValue.of("me"))
                    .put("timestamp_in_ms", FieldValue.of(5))
                    .put("a", FieldValue.of("b"))
                    .build())
            .timestamp(7L)
            .messageId("id")
            .build();

    @Test
    void nothingToDoIsNoInterceptors() {
        assertThat(MessageInterceptors.of(Interception.OFF, Interception.OFF, "node"))
                .isNull();
    }

    @Test
    void setsWhatIsAbsent() {
        BasicProperties set = intercept(Interception.IF_ABSENT, Interception.IF_ABSENT, BasicProperties.EMPTY);

        assertThat(set.timestamp()).isEqualTo(1_700_000_000L);
        assertThat(set.headers())
                .isEqualTo(FieldTable.builder()
                        .put("timestamp_in_ms", new FieldValue('l', NOW))
                        .put("x-routed-by", FieldValue.of("node"))
                        .build());
    }

    @Test
    void leavesWhatThePublisherHasSet() {
        BasicProperties left = intercept(Interception.IF_ABSENT, Interception.IF_ABSENT, SET);

        assertThat(left).isEqualTo(SET);
        assertThat(left.headers().asMap().keySet()).containsExactly("a", "timestamp_in_ms", "x-routed-by");
    }

    @Test
    void setsHeaderAndPropertyOfTheTimeEachByItself() {
        BasicProperties onlyProperty = BasicProperties.builder().timestamp(7L).build();

        BasicProperties set = intercept(Interception.IF_ABSENT, Interception.OFF, onlyProperty);

        assertThat(set.timestamp()).isEqualTo(7L);
        assertThat(set.headers()).isEqualTo(FieldTable.EMPTY.with("timestamp_in_ms", FieldValue.of(NOW)));
    }

    @Test
    void overwritesWhateverIsSet() {
        BasicProperties set = intercept(Interception.OVERWRITE, Interception.OVERWRITE, SET);

        assertThat(set.timestamp()).isEqualTo(1_700_000_000L);
        assertThat(set.messageId()).isEqualTo("id");
        assertThat(set.headers())
                .isEqualTo(FieldTable.builder()
                        .put("a", FieldValue.of("b"))
                        .put("timestamp_in_ms", FieldValue.of(NOW))
                        .put("x-routed-by", FieldValue.of("node"))
                        .build());
    }

    @Test
    void doesOnlyWhatItIsAskedFor() {
        assertThat(intercept(Interception.OFF, Interception.OVERWRITE, BasicProperties.EMPTY))
                .isEqualTo(BasicProperties.builder()
                        .headers(FieldTable.EMPTY.with("x-routed-by", FieldValue.of("node")))
                        .build());
    }

    @Test
    void isAppliedToWhatIsPublished() {
        try (TestBroker broker = new TestBroker(BrokerConfig.builder("rabbit@here")
                .timestampInterception(Interception.IF_ABSENT)
                .routingNodeInterception(Interception.IF_ABSENT)
                .build())) {
            TestChannel channel = broker.connect(0).open();
            channel.declare("q");
            channel.consume("q", "c");
            channel.publish("", "q", SET.toBuilder().headers(null).build(), false, "body");
            channel.publish("", "q", BasicProperties.EMPTY, false, "again");
            channel.publish("", "q", BasicProperties.EMPTY, false, "");

            assertThat(channel.bodies()).containsExactly("body", "again", "");
            Message message = channel.output.deliveries.get(0).message();
            BasicProperties properties = Messages.properties(message);
            assertThat(properties.messageId()).isEqualTo("id");
            assertThat(properties.timestamp()).isEqualTo(7L);
            FieldTable headers = FieldTable.builder()
                    .put("timestamp_in_ms", FieldValue.of(broker.loops.get(0).nowMillis()))
                    .put("x-routed-by", FieldValue.of("rabbit@here"))
                    .build();
            assertThat(properties.headers()).isEqualTo(headers);
            assertThat(Messages.properties(channel.output.last().message()).headers())
                    .isEqualTo(headers);
        }
    }

    private static BasicProperties intercept(
            Interception timestamp, Interception routingNode, BasicProperties properties) {
        MessageInterceptors interceptors = MessageInterceptors.of(timestamp, routingNode, "node");
        assertThat(interceptors).isNotNull();
        Message message = Messages.of("x", "key", properties, "body");
        byte[] data = interceptors.intercept(message.data(), message.propertiesOffset(), message.bodyOffset(), NOW);
        int bodyOffset = data.length - message.bodyLength();
        Message changed = Message.of(data, message.propertiesOffset(), bodyOffset, false, 0);
        assertThat(Messages.body(changed)).isEqualTo("body");
        assertThat(changed.exchange()).isEqualTo("x");
        assertThat(changed.routingKey()).isEqualTo("key");
        return Messages.properties(changed);
    }
}
