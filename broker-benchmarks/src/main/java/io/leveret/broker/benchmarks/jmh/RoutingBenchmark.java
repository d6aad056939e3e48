package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.exchange.Router;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the queues of a message, without the cache that a channel may have in front of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutingBenchmark {
    private static final int TOPIC_BINDINGS = 10_000;
    private static final int HEADERS_BINDINGS = 100;
    private static final int QUEUES = 500;
    private static final int KEYS = 1024;
    private static final int REGIONS = 50;
    private static final int SHAPES = 4;

    private final Exchange direct = exchange("direct");
    private final Exchange fanout = exchange("fanout");
    private final Exchange topic = exchange("topic");
    private final Exchange headers = exchange("headers");
    private final FieldTable messageHeaders = Tables.messageHeaders().with("region", FieldValue.of(7));
    private final BenchMessage message = new BenchMessage();
    private final Router router = new Router(name -> null);
    private final Routes routes = new Routes();
    private final String[] directKeys = new String[KEYS];
    private final String[] topicKeys = new String[KEYS];
    private int next;

    @Setup
    public void bind() {
        QueueDestination[] queues = new QueueDestination[QUEUES];
        for (int i = 0; i < QUEUES; i++) {
            queues[i] = new NamedQueue("queue-" + i);
            bind(direct, queues[i], "key-" + i, FieldTable.EMPTY);
        }
        for (int i = 0; i < 10; i++) {
            bind(fanout, queues[i], "", FieldTable.EMPTY);
        }
        for (int i = 0; i < TOPIC_BINDINGS; i++) {
            bind(topic, queues[i % QUEUES], bindingKey(i), FieldTable.EMPTY);
        }
        for (int i = 0; i < HEADERS_BINDINGS; i++) {
            FieldTable arguments = FieldTable.builder()
                    .put("x-match", FieldValue.of("all"))
                    .put("tenant", FieldValue.of("north"))
                    .put("region", FieldValue.of(i))
                    .build();
            bind(headers, queues[i], "", arguments);
        }
        Random random = new Random(1);
        for (int i = 0; i < KEYS; i++) {
            directKeys[i] = "key-" + random.nextInt(QUEUES);
            topicKeys[i] = routingKey(random.nextInt(TOPIC_BINDINGS / SHAPES));
        }
    }

    /** 500 bindings, one match. */
    @Benchmark
    public Routes direct() {
        return route(direct, directKeys[next++ & KEYS - 1]);
    }

    /** 10 bindings, 10 matches. */
    @Benchmark
    public Routes fanoutToTen() {
        return route(fanout, "");
    }

    /** 10,000 bindings of four shapes, two or three matches. */
    @Benchmark
    public Routes topicOfTenThousand() {
        return route(topic, topicKeys[next++ & KEYS - 1]);
    }

    /** 100 bindings of two headers each, one match; the message's headers are parsed already. */
    @Benchmark
    public Routes headersOfHundred() {
        return route(headers, "");
    }

    private Routes route(Exchange exchange, String routingKey) {
        message.routingKey = routingKey;
        router.route(exchange, message, routes);
        return routes;
    }

    private static String bindingKey(int i) {
        int device = i / SHAPES;
        int region = device % REGIONS;
        return switch (i % SHAPES) {
            case 0 -> "region." + region + ".device." + device;
            case 1 -> "region.*.device." + device;
            case 2 -> "region." + region + ".alarm." + device + ".#";
            default -> "*." + region + ".#." + device;
        };
    }

    private static String routingKey(int device) {
        return "region." + device % REGIONS + (device % 2 == 0 ? ".device." : ".alarm.") + device;
    }

    private static void bind(Exchange source, QueueDestination queue, String key, FieldTable arguments) {
        source.bind(new Binding(source, queue, key, arguments));
    }

    private static Exchange exchange(String type) {
        return new Exchange(
                "bench." + type,
                "/",
                switch (type) {
                    case "direct" -> ExchangeTypes.DIRECT;
                    case "fanout" -> ExchangeTypes.FANOUT;
                    case "topic" -> ExchangeTypes.TOPIC;
                    default -> ExchangeTypes.HEADERS;
                },
                false,
                false,
                false,
                FieldTable.EMPTY);
    }

    private final class BenchMessage implements RoutedMessage {
        private String routingKey = "";

        @Override
        public String routingKey() {
            return routingKey;
        }

        @Override
        public List<String> extraKeys() {
            return List.of();
        }

        @Override
        public FieldTable headers() {
            return messageHeaders;
        }

        @Override
        public BasicProperties properties() {
            return BasicProperties.EMPTY;
        }

        @Override
        public Message message() {
            throw new UnsupportedOperationException("no type measured here keeps messages");
        }
    }

    /** A queue that only has its name. Not a record, because destinations are equal by identity. */
    private static final class NamedQueue implements QueueDestination {
        private final String name;

        NamedQueue(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }
    }
}
