package io.leveret.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.VirtualHost;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges that are stored and whose type the broker that starts does not know. */
class MissingExchangeTypeTests {
    private static final FieldTable OF_IT = FieldTable.EMPTY.with("x-delayed-type", FieldValue.of("x-plugin"));

    private final ManualEventLoops loops = new ManualEventLoops(1);
    private final InMemoryDefinitionStore store = new InMemoryDefinitionStore();
    private Broker broker = start(List.of());

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-plugin", "x-delayed-message"})
    void theExchangeStaysAndCanNotBePublishedTo(String type) {
        put(type);
        restart(List.of());
        Exchange exchange = vhost().requireExchange("e");
        assertThat(exchange.type().name()).isEqualTo(type);
        assertThat(exchange.bindings()).extracting(Binding::routingKey).containsExactly("k");
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(exchange::requireType)
                .withMessage("Cannot route message through exchange 'e' in vhost '/': exchange type %s not found", type)
                .satisfies(error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED));
        publish();
        assertThat(ready()).as("the broker itself publishes to nowhere").isZero();
    }

    @Test
    void theExchangeWorksAgainWhenItsTypeIsThere() {
        put("x-plugin");
        List<Definition> before = store.load();
        restart(List.of());
        assertThat(store.load()).isEqualTo(before);
        restart(List.of(new Plugin()));
        vhost().requireExchange("e").requireType();
        publish();
        assertThat(ready()).isEqualTo(1);
    }

    @Test
    void theExchangeCanBeDeletedWithItsBindings() {
        put("x-plugin");
        restart(List.of());
        loops.await(vhost().deleteExchange("e", false));
        restart(List.of(new Plugin()));
        assertThat(vhost().exchange("e")).isNull();
        assertThat(store.load()).noneMatch(Definition.Binding.class::isInstance);
    }

    private void put(String type) {
        store.apply(List.of(
                new DefinitionChange.Put(new Definition.Exchange("/", "e", type, true, false, false, OF_IT, 7)),
                new DefinitionChange.Put(new Definition.Queue("/", "q", false, FieldTable.EMPTY, 8)),
                new DefinitionChange.Put(new Definition.Binding("/", "e", "q", true, "k", FieldTable.EMPTY))));
    }

    private void publish() {
        vhost().internalPublisher()
                .publish(vhost().requireExchange("e"), Messages.of("e", "k", BasicProperties.EMPTY, "a"));
        loops.runAll();
    }

    private int ready() {
        QueueRef queue = vhost().requireQueue("q");
        return loops.await(queue.submit(owned -> owned.onCounts())).ready();
    }

    private VirtualHost vhost() {
        VirtualHost vhost = broker.virtualHost("/");
        assertThat(vhost).isNotNull();
        return vhost;
    }

    private void restart(List<ExchangeType> types) {
        broker.close();
        broker = start(types);
    }

    private Broker start(List<ExchangeType> types) {
        return Broker.start(BrokerConfig.defaults("test"), loops, store, null, BootDefinitions.NONE, types);
    }

    private static final class Plugin implements ExchangeType {
        @Override
        public String name() {
            return "x-plugin";
        }

        @Override
        public BindingTable newTable(ExchangeContext exchange) {
            return ExchangeTypes.FANOUT.newTable(exchange);
        }
    }
}
