package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Messages;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectReplyToTests {
    private static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";
    private static final BasicProperties ASKING =
            BasicProperties.builder().correlationId("7").replyTo(PSEUDO_QUEUE).build();

    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestChannel requester = client.open();

    @BeforeEach
    void declare() {
        requester.declare("requests");
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aReplyGoesStraightToTheRequester(int loop) {
        requester.consume(PSEUDO_QUEUE, "replies", true);
        String address = ask();
        assertThat(address).matches("amq\\.rabbitmq\\.reply-to\\.[A-Za-z0-9_-]{22}");
        TestChannel server = broker.connect(loop).open();
        server.publish(address, "one", "two");
        broker.runAll();
        assertThat(requester.output.log).containsExactly("deliver 1 one to replies", "deliver 2 two to replies");
        assertThat(requester.output.last().message().routingKey()).isEqualTo(address);
    }

    @Test
    void changesNothingButTheAddress() {
        requester.consume(PSEUDO_QUEUE, "replies", true);
        requester.publish("", "requests", ASKING, false, "m");
        Fetched request = client.request(() -> requester.channel.get("requests", true));
        BasicProperties properties = Messages.properties(request.message());
        assertThat(properties.toBuilder().replyTo(PSEUDO_QUEUE).build()).isEqualTo(ASKING);
    }

    @Test
    void repliesAreHeldWhileTheRequesterDoesNotRead() {
        requester.consume(PSEUDO_QUEUE, "replies", true);
        String address = ask();
        client.writable(false);
        broker.connect(1).open().publish(address, "one", "two");
        broker.runAll();
        assertThat(requester.bodies()).isEmpty();
        client.writable(true);
        assertThat(requester.bodies()).containsExactly("one", "two");
    }

    @Test
    void repliesBeyond8MbOfOneThatDoesNotReadAreLost() {
        requester.consume(PSEUDO_QUEUE, "replies", true);
        String address = ask();
        client.writable(false);
        TestChannel server = broker.connect(1).open();
        String megabyte = "x".repeat(1 << 20);
        for (int i = 0; i < 10; i++) {
            server.publish(address, megabyte);
        }
        broker.runAll();
        assertThat(client.connection.held().get()).isBetween(7L << 20, 8L << 20);
        client.writable(true);
        assertThat(requester.bodies()).hasSize(7);
        assertThat(client.connection.held().get()).isLessThan(1L << 20);
    }

    @Test
    void aReplyIsConfirmedAndCountsAsRoutedEvenWhenNobodyWaits() {
        requester.consume(PSEUDO_QUEUE, "replies", true);
        String address = ask();
        TestChannel server = broker.connect(1).open();
        server.client.turn(() -> server.channel.confirmSelect());
        server.publish("", address, BasicProperties.EMPTY, true, "reply");
        requester.cancel("replies");
        server.publish("", address, BasicProperties.EMPTY, true, "late");
        server.publish("", PSEUDO_QUEUE + ".nonsense", BasicProperties.EMPTY, true, "lost");
        broker.runAll();
        assertThat(server.output.log).containsExactly("ack 1", "ack 2", "ack 3");
        assertThat(requester.bodies()).isEmpty();
    }

    @Test
    void anAddressIsGoneWithItsChannel() {
        requester.consume(PSEUDO_QUEUE, "replies", true);
        String address = ask();
        TestChannel other = broker.connect(1).open();
        assertThat(passive(other, address)).isEqualTo(new DeclareResult(address, 0, 1));
        requester.close();
        assertRefused(() -> passive(other, address), "NOT_FOUND - no queue '" + address + "' in vhost '/'");
    }

    @Test
    void isRefusedWithAcknowledgementOrTwice() {
        assertRefused(
                () -> requester.consume(PSEUDO_QUEUE, "a", false),
                "PRECONDITION_FAILED - reply consumer cannot acknowledge");
        requester.consume(PSEUDO_QUEUE, "a", true);
        assertRefused(
                () -> requester.consume(PSEUDO_QUEUE, "b", true), "PRECONDITION_FAILED - reply consumer already set");
        assertRefused(
                () -> requester.consume(PSEUDO_QUEUE, "a", true), "NOT_ALLOWED - attempt to reuse consumer tag 'a'");
        requester.cancel("a");
        requester.consume(PSEUDO_QUEUE, "b", true);
    }

    @Test
    void anotherChannelCanNotAskForReplies() {
        requester.consume(PSEUDO_QUEUE, "a", true);
        TestChannel other = client.open();
        assertRefused(
                () -> other.publish("", "requests", ASKING, false, "m"),
                "PRECONDITION_FAILED - fast reply consumer does not exist");
    }

    @Test
    void canNotBeBound() {
        assertRefused(
                () -> client.turn(() ->
                        requester.channel.topology().bindQueue(PSEUDO_QUEUE, "amq.direct", "k", FieldTable.EMPTY)),
                "ACCESS_REFUSED - cannot bind or unbind to a volatile (direct reply-to) queue");
    }

    private String ask() {
        requester.publish("", "requests", ASKING, false, "m");
        Fetched request = client.request(() -> client.open().channel.get("requests", true));
        return Messages.properties(request.message()).replyTo();
    }

    private static DeclareResult passive(TestChannel channel, String name) {
        return channel.client.request(() -> channel.channel.topology().declareQueuePassively(name));
    }

    private static void assertRefused(ThrowingCallable request, String text) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(request)
                .satisfies(error -> assertThat(error.replyText()).isEqualTo(text));
    }
}
