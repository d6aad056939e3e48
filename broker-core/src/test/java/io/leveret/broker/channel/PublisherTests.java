package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Messages;
import io.leveret.broker.vhost.ExchangeDeclaration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checks of basic.publish in RabbitMQ's order, and where messages go. */
class PublisherTests {
    private static final BasicProperties NONE = BasicProperties.EMPTY;
    private static final String BAD_EXPIRATION = "abc";

    private final TestBroker broker = new TestBroker();
    private final TestClient guest = broker.connect(0);
    private final TestChannel channel = guest.open();
    private TestChannel limited = channel;

    @BeforeEach
    void declare() {
        declareExchange("direct", "direct", false);
        declareExchange("internal", "direct", true);
        declareExchange("topic", "topic", false);
        channel.declare("q");
        broker.await(broker.broker.putUser("u", "p", Set.of()));
        broker.await(broker.broker.putPermission("u", "/", ".*", "^(topic|internal|missing)$", ".*"));
        broker.await(broker.broker.putTopicPermission("u", "/", "topic", "^ok", ".*"));
        limited = broker.connect(0, "u").open();
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void checksTheWritePermissionFirst() {
        assertRefused(
                limited,
                "direct",
                everythingWrong(),
                ReplyCode.ACCESS_REFUSED,
                "write access to exchange 'direct' in vhost '/' refused for user 'u'");
    }

    @Test
    void refusesAnExchangeWhoseTypeIsMissing() {
        broker.await(broker.vhost()
                .restore(List.of(
                        new Definition.Exchange("/", "lost", "x-lost", true, false, false, FieldTable.EMPTY, 99))));
        assertRefused(
                channel,
                "lost",
                NONE,
                ReplyCode.PRECONDITION_FAILED,
                "Cannot route message through exchange 'lost' in vhost '/': exchange type x-lost not found");
    }

    @Test
    void checksTheDefaultExchangeUnderItsOtherName() {
        assertRefused(
                limited,
                "",
                everythingWrong(),
                ReplyCode.ACCESS_REFUSED,
                "write access to exchange 'amq.default' in vhost '/' refused for user 'u'");
    }

    @Test
    void thenThatTheExchangeIsThere() {
        assertRefused(limited, "missing", everythingWrong(), ReplyCode.NOT_FOUND, "no exchange 'missing' in vhost '/'");
    }

    @Test
    void thenThatItIsNotInternal() {
        assertRefused(
                limited,
                "internal",
                everythingWrong(),
                ReplyCode.ACCESS_REFUSED,
                "cannot publish to internal exchange 'internal' in vhost '/'");
    }

    @Test
    void thenThatSomebodyWaitsForTheReply() {
        assertRefused(
                limited,
                "topic",
                everythingWrong(),
                ReplyCode.PRECONDITION_FAILED,
                "fast reply consumer does not exist");
    }

    @Test
    void thenTheExpiration() {
        assertRefused(
                limited,
                "topic",
                everythingWrong().toBuilder().replyTo("somewhere").build(),
                ReplyCode.PRECONDITION_FAILED,
                "invalid expiration 'abc': no_integer");
    }

    @Test
    void thenTheExtraKeys() {
        assertRefused(
                limited,
                "topic",
                everythingWrong().toBuilder().replyTo(null).expiration("100").build(),
                ReplyCode.PRECONDITION_FAILED,
                "invalid message: {unacceptable_type_in_header,\"CC\",longstr}");
    }

    @Test
    void thenTheTopicPermissionOfEveryKey() {
        BasicProperties properties = everythingWrong().toBuilder()
                .replyTo(null)
                .expiration(null)
                .headers(keys("CC", "nok"))
                .build();
        assertRefused(
                limited,
                "topic",
                "bad",
                properties,
                ReplyCode.ACCESS_REFUSED,
                "write access to topic 'bad' in exchange 'topic' in vhost '/' refused for user 'u'");
        assertRefused(
                limited,
                "topic",
                "ok",
                properties,
                ReplyCode.ACCESS_REFUSED,
                "write access to topic 'nok' in exchange 'topic' in vhost '/' refused for user 'u'");
    }

    @Test
    void thenTheUserId() {
        assertRefused(
                limited,
                "topic",
                "ok",
                BasicProperties.builder().userId("somebody").build(),
                ReplyCode.PRECONDITION_FAILED,
                "user_id property set to 'somebody' but authenticated user was 'u'");
        limited.publish("topic", "ok", BasicProperties.builder().userId("u").build(), false, "m");
    }

    @Test
    void checksARouteItRememberedAgainForWhatDependsOnTheMessage() {
        channel.publish("q", "a");
        assertRefused(
                channel,
                "",
                "q",
                BasicProperties.builder().expiration("-1").build(),
                ReplyCode.PRECONDITION_FAILED,
                "invalid expiration '-1': {value_negative,-1}");
        limited.publish("topic", "ok", NONE, false, "m");
        assertRefused(
                limited,
                "topic",
                "ok",
                BasicProperties.builder().headers(keys("BCC", "bad")).build(),
                ReplyCode.ACCESS_REFUSED,
                "write access to topic 'bad' in exchange 'topic' in vhost '/' refused for user 'u'");
        assertRefused(
                limited,
                "topic",
                "ok",
                BasicProperties.builder().userId("x").build(),
                ReplyCode.PRECONDITION_FAILED,
                "user_id property set to 'x' but authenticated user was 'u'");
    }

    @Test
    void forgetsARouteWhenThePermissionIsGone() {
        limited.publish("topic", "ok", NONE, false, "m");
        broker.await(broker.broker.clearPermission("u", "/"));
        assertRefused(
                limited,
                "topic",
                "ok",
                NONE,
                ReplyCode.ACCESS_REFUSED,
                "write access to exchange 'topic' in vhost '/' refused for user 'u'");
    }

    @Test
    void forgetsARouteWhenTheTopologyChanges() {
        channel.publish("later", "lost");
        channel.declare("later");
        channel.publish("later", "kept");
        assertThat(channel.get("later", true)).isEqualTo("kept");
        guest.request(() -> channel.channel.topology().deleteQueue("later", false, false));
        channel.publish("", "later", NONE, true, "back");
        assertThat(channel.output.log).containsExactly("return back");
    }

    @Test
    void returnsOnlyWhatIsMandatoryAndUnroutable() {
        channel.publish("direct", "nowhere", NONE, false, "a");
        channel.publish("direct", "nowhere", NONE, true, "b");
        channel.publish("", "q", NONE, true, "c");
        assertThat(channel.output.log).containsExactly("return b");
    }

    @Test
    void ccAndBccAreKeysTooAndBccIsTakenOut() {
        channel.declare("q2");
        channel.declare("q3");
        FieldTable headers = FieldTable.builder()
                .put("z", FieldValue.of("kept"))
                .put("CC", FieldValue.of(List.of(FieldValue.of("q2"), FieldValue.of("q"))))
                .put("BCC", FieldValue.of(List.of(FieldValue.of("q3"))))
                .build();
        channel.publish(
                "",
                "q",
                BasicProperties.builder().headers(headers).deliveryMode(2).build(),
                true,
                "m");
        for (String queue : List.of("q", "q2", "q3")) {
            assertThat(channel.counts(queue)).isEqualTo("[ready=1, unacked=0, consumers=0]");
        }
        Fetched got = guest.request(() -> channel.channel.get("q3", true));
        assertThat(got.message().isPersistent()).isTrue();
        assertThat(Messages.properties(got.message()).headers()).isEqualTo(headers.without("BCC"));
        assertThat(got.message().bccKeys()).containsExactly("q3");
    }

    @Test
    void relaysPropertiesUnchanged() {
        BasicProperties properties = BasicProperties.builder()
                .contentType("text/plain")
                .priority(7)
                .correlationId("c")
                .build();
        channel.publish("", "q", properties, false, "m");
        Fetched got = guest.request(() -> channel.channel.get("q", true));
        assertThat(Messages.properties(got.message())).isEqualTo(properties);
        assertThat(got.message().priority()).isEqualTo(7);
    }

    @Test
    void marksAMessageThatBringsItsOwnTimeToLive() {
        channel.publish("", "q", BasicProperties.builder().expiration("60000").build(), false, "m");
        channel.publish("", "q", BasicProperties.EMPTY, false, "n");
        assertThat(guest.request(() -> channel.channel.get("q", true)).message().hasExpiration())
                .isTrue();
        assertThat(guest.request(() -> channel.channel.get("q", true)).message().hasExpiration())
                .isFalse();
    }

    @Test
    void nothingIsPublishedByAPublishThatIsRefused() {
        channel.client.turn(() -> channel.channel.confirmSelect());
        assertRefused(
                channel,
                "",
                "q",
                BasicProperties.builder().expiration(BAD_EXPIRATION).build(),
                ReplyCode.PRECONDITION_FAILED,
                "invalid expiration 'abc': no_integer");
        channel.publish("q", "a");
        assertThat(channel.output.log).containsExactly("ack 1");
        assertThat(channel.counts("q")).isEqualTo("[ready=1, unacked=0, consumers=0]");
    }

    private static BasicProperties everythingWrong() {
        return BasicProperties.builder()
                .replyTo("amq.rabbitmq.reply-to")
                .expiration(BAD_EXPIRATION)
                .headers(FieldTable.EMPTY.with("CC", FieldValue.of("no array")))
                .userId("somebody")
                .build();
    }

    private static FieldTable keys(String header, String key) {
        return FieldTable.EMPTY.with(header, FieldValue.of(List.of(FieldValue.of(key))));
    }

    private void declareExchange(String name, String type, boolean internal) {
        broker.await(broker.vhost()
                .declareExchange(new ExchangeDeclaration(name, type, false, false, internal, FieldTable.EMPTY)));
    }

    private static void assertRefused(
            TestChannel publisher, String exchange, BasicProperties properties, ReplyCode code, String text) {
        assertRefused(publisher, exchange, "bad", properties, code, text);
    }

    private static void assertRefused(
            TestChannel publisher,
            String exchange,
            String routingKey,
            BasicProperties properties,
            ReplyCode code,
            String text) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> publisher.publish(exchange, routingKey, properties, true, "m"))
                .satisfies(error -> {
                    assertThat(error.explanation()).isEqualTo(text);
                    assertThat(error.replyCode()).isEqualTo(code);
                });
    }
}
