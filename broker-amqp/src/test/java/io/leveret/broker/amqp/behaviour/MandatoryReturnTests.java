package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class MandatoryReturnTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void returnsUnroutableMessageWhole() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        String exchange = broker.exchange(channel, "direct");
        byte[] body = new byte[200_000];
        body[199_999] = 7;
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/octet-stream")
                .messageId("m-1")
                .headers(Map.of("a", 1))
                .build();

        channel.basicPublish(exchange, "key", true, properties, body);

        Return returned = returns.next();
        assertThat(returned.getReplyCode()).isEqualTo(312);
        assertThat(returned.getReplyText()).isEqualTo("NO_ROUTE");
        assertThat(returned.getExchange()).isEqualTo(exchange);
        assertThat(returned.getRoutingKey()).isEqualTo("key");
        assertThat(returned.getProperties()).isEqualTo(properties);
        assertThat(returned.getBody()).isEqualTo(body);
    }

    @Test
    void returnsFromTheDefaultExchange() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        String nobody = broker.name();

        channel.basicPublish("", nobody, true, null, new byte[0]);

        Return returned = returns.next();
        assertThat(returned.getExchange()).isEmpty();
        assertThat(returned.getRoutingKey()).isEqualTo(nobody);
        assertThat(returned.getBody()).isEmpty();
    }

    @Test
    void doesNotReturnRoutedMessage() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        String queue = broker.queue(channel);

        channel.basicPublish("", queue, true, null, bytes("a"));
        channel.basicPublish("", broker.name(), true, null, bytes("b"));

        assertThat(returns.next().getBody()).isEqualTo(bytes("b"));
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void doesNotReturnWithoutTheFlag() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);

        channel.basicPublish("", broker.name(), false, null, bytes("a"));
        channel.basicPublish("", broker.name(), true, null, bytes("b"));

        assertThat(returns.next().getBody()).isEqualTo(bytes("b"));
    }

    @Test
    void doesNotReturnWhenOnlyCopyKeyMatched() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        String queue = broker.queue(channel);
        var copied = new AMQP.BasicProperties.Builder()
                .headers(Map.of("CC", List.of(queue)))
                .build();

        channel.basicPublish("", "nobody", true, copied, bytes("a"));
        channel.basicPublish("", "nobody", true, null, bytes("b"));

        assertThat(returns.next().getBody()).isEqualTo(bytes("b"));
    }

    @Test
    void returnPrecedesTheConfirm() throws IOException, InterruptedException, TimeoutException {
        Channel channel = broker.channel();
        List<String> events = new CopyOnWriteArrayList<>();
        channel.addReturnListener(message -> events.add("return"));
        channel.addConfirmListener((tag, multiple) -> events.add("ack"), (tag, multiple) -> events.add("nack"));
        channel.confirmSelect();

        channel.basicPublish("", broker.name(), true, null, bytes("a"));
        channel.waitForConfirms(60_000);

        assertThat(events).containsExactly("return", "ack");
    }

    @Test
    void goesToTheChannelThatPublished() throws IOException {
        Channel publishing = broker.channel();
        Channel sibling = broker.channel();
        Returns returns = Returns.of(publishing);
        Returns none = Returns.of(sibling);

        publishing.basicPublish("", broker.name(), true, null, bytes("a"));

        returns.next();
        none.assertNoMore();
    }

    @Test
    void fanoutWithoutBindingsReturns() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        String exchange = broker.exchange(channel, "fanout");
        String empty = broker.exchange(channel, "fanout");
        channel.exchangeBind(empty, exchange, "");

        channel.basicPublish(exchange, "key", true, null, bytes("a"));

        assertThat(returns.next().getExchange()).isEqualTo(exchange);
    }
}
