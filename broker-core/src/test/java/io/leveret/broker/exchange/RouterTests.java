package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTests {
    private final TestTopology topology = new TestTopology();

    @Test
    void takesTheKeyForTheNameOfTheQueueAtTheDefaultExchange() {
        topology.queue("q");

        assertThat(topology.route(topology.defaultExchange(), "q")).isEqualTo("q");
        assertThat(topology.route(topology.defaultExchange(), "other")).isEmpty();
    }

    @Test
    void namesEachQueueOnceHoweverManyWaysLeadToIt() {
        Exchange topic = topology.exchange("t", ExchangeTypes.TOPIC);
        Exchange fanout = topology.exchange("f", ExchangeTypes.FANOUT);
        topology.bind(topic, topology.queue("q"), "#");
        topology.bind(topic, topology.queue("q"), "a.*");
        topology.bind(topic, fanout, "a.b");
        topology.bind(fanout, topology.queue("q"), "");
        topology.bind(fanout, topology.queue("r"), "");

        assertThat(topology.route(topic, "a.b", List.of("a.b", "a.c"), TestTopology.NO_HEADERS))
                .isEqualTo("q r");
    }

    @Test
    void visitsExchangesThatAreBoundInACircleOnce() {
        Exchange one = topology.exchange("one", ExchangeTypes.FANOUT);
        Exchange two = topology.exchange("two", ExchangeTypes.FANOUT);
        topology.bind(one, two, "");
        topology.bind(two, one, "");
        topology.bind(one, one, "");
        topology.bind(one, topology.queue("q1"), "");
        topology.bind(two, topology.queue("q2"), "");

        assertThat(topology.route(one, "k")).isEqualTo("q1 q2");
        assertThat(topology.route(two, "k")).isEqualTo("q1 q2");
    }

    @Test
    void matchesTheKeyAnewAtEachExchange() {
        Exchange fanout = topology.exchange("f", ExchangeTypes.FANOUT);
        Exchange direct = topology.exchange("d", ExchangeTypes.DIRECT);
        topology.bind(fanout, direct, "ignored");
        topology.bind(direct, topology.queue("q"), "k");

        assertThat(topology.route(fanout, "k")).isEqualTo("q");
        assertThat(topology.route(fanout, "ignored")).isEmpty();
    }

    @Test
    void asksTheAlternateExchangeOnlyWhenNothingMatched() {
        Exchange direct = topology.withAlternate("d", ExchangeTypes.DIRECT, "ae");
        Exchange alternate = topology.exchange("ae", ExchangeTypes.FANOUT);
        topology.bind(direct, topology.queue("q"), "k");
        topology.bind(alternate, topology.queue("lost"), "");

        assertThat(topology.route(direct, "k")).isEqualTo("q");
        assertThat(topology.route(direct, "other")).isEqualTo("lost");
        assertThat(topology.route(direct, "other", List.of("k"), TestTopology.NO_HEADERS))
                .isEqualTo("q");
    }

    @Test
    void followsAChainOfAlternateExchangesEvenInACircle() {
        Exchange first = topology.withAlternate("first", ExchangeTypes.DIRECT, "second");
        topology.withAlternate("second", ExchangeTypes.DIRECT, "third");
        Exchange third = topology.withAlternate("third", ExchangeTypes.DIRECT, "first");
        topology.bind(third, topology.queue("q"), "k");

        assertThat(topology.route(first, "k")).isEqualTo("q");
        assertThat(topology.route(first, "other")).isEmpty();
    }

    @Test
    void ignoresAnAlternateExchangeThatDoesNotExist() {
        Exchange direct = topology.withAlternate("d", ExchangeTypes.DIRECT, "nowhere");

        assertThat(topology.route(direct, "k")).isEmpty();
    }

    @Test
    void asksTheAlternateExchangeOfTheHopThatMatchedNothing() {
        Exchange source = topology.withAlternate("source", ExchangeTypes.FANOUT, "ae-source");
        Exchange hop = topology.withAlternate("hop", ExchangeTypes.DIRECT, "ae-hop");
        topology.bind(source, hop, "");
        topology.bind(source, topology.queue("q"), "");
        topology.bind(topology.exchange("ae-source", ExchangeTypes.FANOUT), topology.queue("lost-source"), "");
        topology.bind(topology.exchange("ae-hop", ExchangeTypes.FANOUT), topology.queue("lost-hop"), "");

        assertThat(topology.route(source, "k")).isEqualTo("lost-hop q");
    }

    @Test
    void takesABindingToAnExchangeForAMatchThoughItLeadsNowhere() {
        Exchange source = topology.withAlternate("source", ExchangeTypes.FANOUT, "ae");
        topology.bind(topology.exchange("ae", ExchangeTypes.FANOUT), topology.queue("lost"), "");
        topology.bind(source, topology.exchange("empty", ExchangeTypes.FANOUT), "");

        assertThat(topology.route(source, "k")).isEmpty();
    }

    @Test
    void routesEachExtraKey() {
        Exchange direct = topology.exchange("d", ExchangeTypes.DIRECT);
        topology.bind(direct, topology.queue("q1"), "a");
        topology.bind(direct, topology.queue("q2"), "b");
        topology.bind(direct, topology.queue("q3"), "c");

        assertThat(topology.route(direct, "a", List.of("b", "x", "a"), TestTopology.NO_HEADERS))
                .isEqualTo("q1 q2");
    }

    @Test
    void tellsWhenMoreThanTheKeyDecided() {
        Exchange fanout = topology.exchange("f", ExchangeTypes.FANOUT);
        Exchange headers = topology.exchange("h", ExchangeTypes.HEADERS);
        topology.bind(fanout, topology.queue("q"), "");

        assertThat(topology.routes(fanout, "k", null, TestTopology.NO_HEADERS).dependsOnKeyAlone())
                .isTrue();
        assertThat(topology.routes(fanout, "k", List.of("l"), TestTopology.NO_HEADERS)
                        .dependsOnKeyAlone())
                .isFalse();

        topology.bind(fanout, headers, "");
        assertThat(topology.routes(fanout, "k", null, TestTopology.NO_HEADERS).dependsOnKeyAlone())
                .isFalse();
    }

    @Test
    void doesNotReadHeadersThatNobodyAsksFor() {
        Exchange headers = topology.exchange("h", ExchangeTypes.HEADERS);
        Exchange direct = topology.exchange("d", ExchangeTypes.DIRECT);
        Supplier<FieldTable> refusing = () -> {
            throw new AssertionError("headers read");
        };

        assertThat(topology.route(direct, "k", null, refusing)).isEmpty();
        assertThat(topology.route(headers, "k", null, refusing)).isEmpty();
    }

    @Test
    void canBeUsedAgainAfterHeadersFailedToParse() {
        Exchange headers = topology.exchange("h", ExchangeTypes.HEADERS);
        topology.bind(headers, topology.queue("q"), "", TestTopology.table("a", FieldValue.of(1)));
        Supplier<FieldTable> broken = () -> {
            throw new IllegalStateException("broken");
        };

        assertThatThrownBy(() -> topology.route(headers, "k", null, broken)).hasMessage("broken");
        FieldTable sound = TestTopology.table("a", FieldValue.of(1));
        assertThat(topology.route(headers, "k", null, () -> sound)).isEqualTo("q");
    }

    @Test
    void takesNoMemoryForRoutingByKey() {
        Exchange topic = topology.withAlternate("t", ExchangeTypes.TOPIC, "ae");
        Exchange alternate = topology.exchange("ae", ExchangeTypes.DIRECT);
        Exchange fanout = topology.exchange("f", ExchangeTypes.FANOUT);
        topology.bind(topic, fanout, "a.*.#");
        topology.bind(topic, topology.queue("q"), "#.c");
        topology.bind(alternate, topology.queue("q"), "x");
        for (int i = 0; i < 100; i++) {
            topology.bind(fanout, topology.queue("q" + i), "");
        }
        Routes routes = topology.routes(topic, "a.b.c", null, TestTopology.NO_HEADERS);
        assertThat(routes.size()).isEqualTo(101);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        threads.getThreadAllocatedBytes(self);

        TestMessage matching = TestMessage.of("a.b.c");
        TestMessage unroutable = TestMessage.of("x");
        long before = threads.getThreadAllocatedBytes(self);
        for (int i = 0; i < 1_000; i++) {
            topology.fill(routes, topic, matching);
            topology.fill(routes, topic, unroutable);
        }
        long taken = threads.getThreadAllocatedBytes(self) - before;

        assertThat(taken).isLessThan(2_000);
    }

    @Test
    void doesNotAskTheAlternateExchangeAboutWhatIsKept() {
        ExchangeType keeping = new ExchangeType() {
            @Override
            public String name() {
                return "x-keeping";
            }

            @Override
            public BindingTable newTable(ExchangeContext exchange) {
                return new KeepingTable();
            }
        };
        Exchange source = topology.withAlternate("k", keeping, "ae");
        topology.bind(topology.exchange("ae", ExchangeTypes.FANOUT), topology.queue("lost"), "");

        assertThat(topology.route(source, "keep")).isEmpty();
        assertThat(topology.route(source, "other")).isEqualTo("lost");
    }

    private record Shelf() implements MessageKeeper {
        @Override
        public String name() {
            return "k";
        }

        @Override
        public EventLoop loop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean keep(Message message, @Nullable EnqueueListener listener, long tag) {
            return false;
        }
    }

    private static final class KeepingTable implements RoutingKeyTable {
        @Override
        public void add(Binding binding) {}

        @Override
        public void remove(Binding binding) {}

        @Override
        public void match(String routingKey, DestinationSink sink) {
            if (routingKey.equals("keep")) {
                sink.accept(new Shelf());
            }
        }
    }
}
