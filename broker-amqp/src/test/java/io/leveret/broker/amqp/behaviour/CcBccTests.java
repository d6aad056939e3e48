package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers CC and BCC add routing keys to the message's own. */
@Tag("behaviour")
class CcBccTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void everyKeyIsRouted() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String to = broker.queueBoundTo(channel, exchange, "to");
        String cc = broker.queueBoundTo(channel, exchange, "cc");
        String secondCc = broker.queueBoundTo(channel, exchange, "cc2");
        String bcc = broker.queueBoundTo(channel, exchange, "bcc");
        String other = broker.queueBoundTo(channel, exchange, "other");

        channel.basicPublish(
                exchange,
                "to",
                headers(Map.of("CC", List.of("cc", "cc2"), "BCC", List.of("bcc"))),
                TestBroker.bytes("a"));

        assertThat(List.of(to, cc, secondCc, bcc))
                .allSatisfy(
                        queue -> assertThat(TestBroker.drain(channel, queue)).containsExactly("a"));
        assertThat(TestBroker.drain(channel, other)).isEmpty();
    }

    @Test
    void queueMatchedBySeveralKeysGetsOneCopy() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "topic");
        String queue = broker.queueBoundTo(channel, exchange, "#");
        channel.queueBind(queue, exchange, "a");

        channel.basicPublish(
                exchange,
                "a",
                headers(Map.of("CC", List.of("a", "b"), "BCC", List.of("a", "c"))),
                TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void bccIsRemovedAndCcStays() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Map<String, Object> headers = Map.of("CC", List.of("cc"), "BCC", List.of("bcc"), "other", 5);

        channel.basicPublish("", queue, headers(headers), TestBroker.bytes("a"));

        GetResponse got = channel.basicGet(queue, true);
        assertThat(got.getProps().getHeaders()).containsOnlyKeys("CC", "other");
        assertThat(got.getProps().getHeaders().get("CC")).hasToString("[cc]");
    }

    @Test
    void bccIsRemovedFromTheCopiesItAsksForToo() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.basicPublish("", "nobody", headers(Map.of("BCC", List.of(queue))), TestBroker.bytes("a"));

        GetResponse got = channel.basicGet(queue, true);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("nobody");
        assertThat(got.getProps().getHeaders()).isNullOrEmpty();
    }

    @Test
    void bccIsRemovedFromReturnedMessages() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);

        channel.basicPublish(
                "", broker.name(), true, headers(Map.of("BCC", List.of("nobody"), "a", 1)), TestBroker.bytes("a"));

        assertThat(returns.next().getProperties().getHeaders()).containsOnlyKeys("a");
    }

    @Test
    void elementsThatAreNotStringsAreSkipped() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.basicPublish("", "nobody", headers(Map.of("CC", List.of(1, queue, true))), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void emptyListsAddNothing() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.basicPublish("", queue, headers(Map.of("CC", List.of(), "BCC", List.of())), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void namesAreCaseSensitive() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.basicPublish(
                "", "nobody", headers(Map.of("cc", List.of(queue), "Bcc", List.of(queue))), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).isEmpty();
    }

    @Test
    void keysAreMatchedByHeadersExchangeOnce() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, "", Map.of("a", 1));

        channel.basicPublish(exchange, "key", headers(Map.of("a", 1, "CC", List.of("other"))), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CC", "BCC"})
    void rejectsHeaderThatIsString(String header) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", queue, headers(Map.of(header, "key")), TestBroker.bytes("a")),
                406,
                "PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,\"" + header + "\",longstr}",
                60,
                40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CC", "BCC"})
    void rejectsHeaderThatIsVoid(String header) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Map<String, Object> headers = new HashMap<>();
        headers.put(header, null);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", queue, headers(headers), TestBroker.bytes("a")),
                406,
                "PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,\"" + header + "\",void}",
                60,
                40);
    }

    private static AMQP.BasicProperties headers(Map<String, Object> headers) {
        return new AMQP.BasicProperties.Builder().headers(headers).build();
    }
}
