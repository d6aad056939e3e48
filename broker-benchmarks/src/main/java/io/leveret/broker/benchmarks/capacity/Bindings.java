package io.leveret.broker.benchmarks.capacity;

import io.leveret.broker.benchmarks.load.ContentListener;
import io.leveret.broker.benchmarks.load.Frames;
import io.leveret.broker.benchmarks.load.RawConnection;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes many bindings on one topic exchange and then checks for a sample of routing keys that each message reaches exactly
 * the queues that the rules say, and reaches each once.
 */
@Command(name = "Bindings", description = "Makes many bindings on one topic exchange and checks where messages go.")
final class Bindings extends CapacityProgram {
    private static final String EXCHANGE = "capacity-topic";
    private static final int SHAPES = 4;
    private static final int REGIONS = 50;
    private static final int STRIDE = 200;
    private static final int POLL_MILLIS = 20;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @Option(names = "--count", description = "bindings (default: ${DEFAULT-VALUE})")
    private int count = 100_000;

    @Option(names = "--queues", description = "queues they lead to (default: ${DEFAULT-VALUE})")
    private int queues = 500;

    @Option(names = "--sample", description = "messages whose way is checked (default: ${DEFAULT-VALUE})")
    private int sample = 2_000;

    @Option(names = "--seed", description = "for the routing keys (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    private final List<String> bindingKeys = new ArrayList<>();

    public static void main(String[] arguments) {
        execute(new Bindings(), arguments);
    }

    @Override
    void run(Run run) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            bindingKeys.add(bindingKey(i));
        }
        Routes routes = new Routes();
        RawConnection connection = run.connect(routes);
        connection.ask(out -> Frames.exchangeDelete(out, Run.CHANNEL, EXCHANGE));
        connection.ask(out -> Frames.exchangeDeclare(out, Run.CHANNEL, EXCHANGE, "topic", false, false));
        for (int i = 0; i < queues; i++) {
            String queue = queue(i);
            connection.ask(out -> Frames.queueDeclare(out, Run.CHANNEL, queue, false, false, Map.of()));
        }
        run.begin();
        bind(connection);
        run.end("bindings made", count);
        for (int i = 0; i < queues; i++) {
            String queue = queue(i);
            connection.ask(out -> Frames.consume(out, Run.CHANNEL, queue, queue, true, false));
        }
        check(run, connection, routes);
        if (!run.keep()) {
            run.begin();
            connection.ask(out -> Frames.exchangeDelete(out, Run.CHANNEL, EXCHANGE));
            run.end("exchange deleted with its bindings", count);
        }
        RawConnection.await(connection.close());
        if (!run.keep()) {
            deleteQueues(run);
        }
    }

    private void bind(RawConnection connection) throws IOException, InterruptedException {
        for (int from = 0; from < count; from += STRIDE) {
            int first = from;
            int end = Math.min(count, from + STRIDE);
            connection.ask(out -> {
                for (int i = first; i < end; i++) {
                    Frames.queueBind(out, Run.CHANNEL, queue(i % queues), EXCHANGE, bindingKeys.get(i), i < end - 1);
                }
            });
        }
    }

    private void check(Run run, RawConnection connection, Routes routes) throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<String> routingKeys = new ArrayList<>();
        Set<String> expected = new HashSet<>();
        for (int message = 0; message < sample; message++) {
            String routingKey = routingKey(random);
            routingKeys.add(routingKey);
            addExpected(message, routingKey, expected);
        }
        run.begin();
        for (int message = 0; message < sample; message++) {
            byte[] body = ByteBuffer.allocate(Integer.BYTES).putInt(message).array();
            String routingKey = routingKeys.get(message);
            connection.send(
                    out -> Frames.publish(out, Run.CHANNEL, EXCHANGE, routingKey, false, body, connection.frameMax()));
        }
        long begin = System.nanoTime();
        while (routes.deliveries.get() < expected.size() && System.nanoTime() - begin < PATIENCE_NANOS) {
            Thread.sleep(POLL_MILLIS);
        }
        run.end("messages routed, " + expected.size() + " deliveries", sample);
        // What a queue delivers too much comes before its answer.
        for (int i = 0; i < queues; i++) {
            String queue = queue(i);
            connection.ask(out -> Frames.queueDeclarePassive(out, Run.CHANNEL, queue));
        }
        if (routes.deliveries.get() != expected.size() || !routes.seen.equals(expected)) {
            throw new IOException("expected " + expected.size() + " deliveries, got " + routes.deliveries.get() + ", "
                    + routes.seen.stream()
                            .filter(route -> !expected.contains(route))
                            .count() + " of them wrong");
        }
        System.out.println("every one of the " + sample + " messages reached exactly the queues it should");
    }

    /** Each binding key has its device's number as a word, so only those of numbers in the routing key can match. */
    private void addExpected(int message, String routingKey, Set<String> expected) {
        for (String word : routingKey.split("\\.")) {
            if (!Character.isDigit(word.charAt(0))) {
                continue;
            }
            int first = Integer.parseInt(word) * SHAPES;
            for (int i = first; i < Math.min(first + SHAPES, count); i++) {
                if (TopicMatcher.matches(bindingKeys.get(i), routingKey)) {
                    expected.add(message + ">" + queue(i % queues));
                }
            }
        }
    }

    private void deleteQueues(Run run) throws IOException, InterruptedException {
        RawConnection connection = run.connect(ContentListener.NONE);
        for (int i = 0; i < queues; i++) {
            String queue = queue(i);
            connection.ask(out -> Frames.queueDelete(out, Run.CHANNEL, queue, false));
        }
        RawConnection.await(connection.close());
    }

    /** Four shapes in turn: exact, with a star in the middle, with a hash at the end, with both. */
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

    private String routingKey(Random random) {
        int device = random.nextInt(count / SHAPES + 1);
        int region = random.nextBoolean() ? device % REGIONS : random.nextInt(REGIONS);
        return switch (random.nextInt(4)) {
            case 0 -> "region." + region + ".device." + device;
            case 1 -> "region." + region + ".alarm." + device + ".high.now";
            case 2 -> "site." + region + ".a.b.c." + device;
            default -> "region." + region + ".alarm." + device;
        };
    }

    private static String queue(int index) {
        return "capacity-bound-" + index;
    }

    /** Notes which message came to which queue; the consumer tag is the queue's name. Owned by the connection's loop. */
    private static final class Routes implements ContentListener {
        private final Set<String> seen = new HashSet<>();
        private final AtomicLong deliveries = new AtomicLong();
        private String consumerTag = "";

        @Override
        public void onDeliver(ByteBuf in, int index) {
            consumerTag = in.toString(index + 1, in.getUnsignedByte(index), StandardCharsets.US_ASCII);
        }

        @Override
        public void onBody(ByteBuf in, int index, int length) {
            seen.add(in.getInt(index) + ">" + consumerTag);
            deliveries.incrementAndGet();
        }
    }
}
