package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More: {@code behaviour.BindingTests}, {@code ExchangeToExchangeTests}, {@code QueueDeleteTests}, {@code ExchangeDeleteTests}. */
@Tag("behaviour")
@DisplayName("13.6 Delete and unbind of what is missing succeed, bind is 404 and names the exchange first")
class Line06MissingObjectsTests {
    private static final String GONE = "checklist-missing";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    @DisplayName("delete")
    void delete() throws IOException {
        Channel channel = broker.channel();

        assertThat(channel.queueDelete(GONE).getMessageCount()).isZero();
        assertThat(channel.queueDelete(GONE, true, true).getMessageCount()).isZero();
        channel.exchangeDelete(GONE);
        channel.exchangeDelete(GONE, true);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("unbind: missing queue, exchange, both, binding, binding with other key or arguments")
    void unbind() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "key");

        channel.queueUnbind(GONE, exchange, "key");
        channel.queueUnbind(queue, GONE, "key");
        channel.queueUnbind(GONE, GONE, "key");
        channel.queueUnbind(queue, exchange, "other");
        channel.queueUnbind(queue, exchange, "key", Map.of("a", 1));
        channel.exchangeUnbind(GONE, exchange, "key");
        channel.exchangeUnbind(exchange, GONE, "key");
        channel.exchangeUnbind(GONE, GONE, "key");
        channel.exchangeUnbind(exchange, exchange, "other");

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("still bound"));
        assertThat(TestBroker.drain(channel, queue)).containsExactly("still bound");
    }

    @Test
    @DisplayName("bind: missing queue, exchange, both")
    void bind() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queue(channel);

        refused(new Bind(50, 20, each -> each.queueBind(GONE, exchange, "key")), "queue");
        refused(new Bind(50, 20, each -> each.queueBind(queue, GONE, "key")), "exchange");
        refused(new Bind(50, 20, each -> each.queueBind(GONE, GONE, "key")), "exchange");
    }

    @Test
    @DisplayName("bind of exchanges: missing destination, source, both, the source is named")
    void bindOfExchanges() throws IOException {
        String exchange = broker.exchange(broker.channel(), "direct");

        refused(new Bind(40, 30, each -> each.exchangeBind(GONE, exchange, "key")), "exchange");
        refused(new Bind(40, 30, each -> each.exchangeBind(exchange, GONE, "key")), "exchange");
        refused(new Bind(40, 30, each -> each.exchangeBind("checklist-other", GONE, "key")), "exchange");
    }

    private record Bind(int classId, int methodId, TestBroker.ChannelAction action) {}

    private void refused(Bind bind, String kind) throws IOException {
        Channel channel = broker.channel();
        assertThatChannelCloses(
                channel,
                () -> bind.action.on(channel),
                404,
                "NOT_FOUND - no " + kind + " '" + GONE + "' in vhost '/'",
                bind.classId,
                bind.methodId);
    }
}
