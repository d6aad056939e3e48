package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every exchange can do, with the types that RabbitMQ has beside the protocol's. */
@Tag("behaviour")
class FurtherExchangeTypesTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /**
     * @param key a binding key that is valid, and under which a message with that routing key is routed
     * @param binding arguments of bindings
     */
    private record Type(String name, Map<String, Object> arguments, String key, Map<String, Object> binding) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Type type(String name, String key) {
        return new Type(name, Map.of(), key, Map.of());
    }

    static Stream<Type> types() {
        return Stream.of(
                type("x-consistent-hash", "1"),
                type("x-random", "k"),
                type("x-modulus-hash", "k"),
                type("x-recent-history", "k"),
                new Type("x-jms-topic", Map.of(), "k", Map.of("rjms_erlang_selector", "'true'.")));
    }

    /** Those that Debian's RabbitMQ has not. */
    static Stream<Type> newTypes() {
        return Stream.of(
                type("x-local-random", ""),
                new Type("x-delayed-message", Map.of("x-delayed-type", "topic"), "k", Map.of()));
    }

    private String declare(Channel channel, Type type, boolean autoDelete, boolean internal, Map<String, Object> more)
            throws IOException {
        Map<String, Object> arguments = new HashMap<>(type.arguments);
        arguments.putAll(more);
        String name = broker.name();
        channel.exchangeDeclare(name, type.name, false, autoDelete, internal, arguments);
        return name;
    }

    @ParameterizedTest
    @MethodSource("types")
    void worksAsAnyExchange(Type type) throws IOException {
        takesPartInEverything(type);
    }

    @ParameterizedTest
    @MethodSource("newTypes")
    @Tag("not-rabbitmq-3.10") // plugin; came with 4.0
    void worksAsAnyExchangeToo(Type type) throws IOException {
        takesPartInEverything(type);
    }

    private void takesPartInEverything(Type type) throws IOException {
        asksItsAlternateExchange(type);
        isReachedThroughAnotherExchange(type);
        routesCopiesOnce(type);
        refusesClientsIfInternal(type);
        goesWithItsLastBinding(type);
    }

    private void asksItsAlternateExchange(Type type) throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String lost = broker.queueBoundTo(channel, alternate, "");
        String exchange = declare(channel, type, false, false, Map.of("alternate-exchange", alternate));
        channel.basicPublish(exchange, type.key, null, TestBroker.bytes("lost"));
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, type.key, type.binding);
        TestBroker.drain(channel, queue);
        channel.basicPublish(exchange, type.key, null, TestBroker.bytes("found"));
        assertThat(TestBroker.drain(channel, lost)).containsExactly("lost");
        assertThat(TestBroker.drain(channel, queue)).containsExactly("found");
    }

    private void isReachedThroughAnotherExchange(Type type) throws IOException {
        Channel channel = broker.channel();
        String front = broker.exchange(channel, "fanout");
        String exchange = declare(channel, type, false, true, Map.of());
        channel.exchangeBind(exchange, front, "");
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, type.key, type.binding);
        channel.basicPublish(front, type.key, null, TestBroker.bytes("m"));
        assertThat(TestBroker.drain(channel, queue)).containsExactly("m");
    }

    private void routesCopiesOnce(Type type) throws IOException {
        Channel channel = broker.channel();
        String exchange = declare(channel, type, false, false, Map.of());
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, type.key, type.binding);
        AMQP.BasicProperties copies = new AMQP.BasicProperties.Builder()
                .headers(Map.of("CC", List.of(type.key, "x"), "BCC", List.of(type.key)))
                .build();
        channel.basicPublish(exchange, type.key, copies, TestBroker.bytes("m"));
        var got = channel.basicGet(queue, true);
        assertThat(got.getProps().getHeaders()).containsOnlyKeys("CC");
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    private void refusesClientsIfInternal(Type type) throws IOException {
        Channel channel = broker.channel();
        String exchange = declare(channel, type, false, true, Map.of());
        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, type.key, null, TestBroker.bytes("m")),
                403,
                "ACCESS_REFUSED - cannot publish to internal exchange '" + exchange + "' in vhost '/'",
                60,
                40);
    }

    private void goesWithItsLastBinding(Type type) throws IOException {
        Channel channel = broker.channel();
        String exchange = declare(channel, type, true, false, Map.of());
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, type.key, type.binding);
        assertThat(TestBroker.exchangeExists(broker.connection(), exchange)).isTrue();
        channel.queueDelete(queue);
        await().until(() -> !TestBroker.exchangeExists(broker.connection(), exchange));
    }
}
