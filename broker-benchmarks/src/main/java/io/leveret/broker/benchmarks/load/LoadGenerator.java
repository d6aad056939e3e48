package io.leveret.broker.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Loads a broker with messages and measures how it does. Run it with {@code --help}. */
@Command(
        name = "LoadGenerator",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Publishes to and consumes from an AMQP 0-9-1 broker and reports rates, latency and the broker's CPU time.")
public final class LoadGenerator implements Callable<Integer> {
    private static final int CHANNEL = 1;
    private static final int POLL_MILLIS = 20;
    private static final int RETRY_MILLIS = 5;
    private static final long IDLE_NANOS = 30_000_000_000L;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    private final List<Producer> producers = new ArrayList<>();
    private final List<LoadConsumer> consumers = new ArrayList<>();
    private final PrintStream out = System.out;

    private LoadGenerator() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadGenerator())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            options.check();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        try (Loops loops = Loops.start(options.loops)) {
            run(loops);
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            System.err.println("failed: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void run(Loops loops) throws IOException, InterruptedException {
        AmqpUri uri = AmqpUri.parse(options.uri);
        RawConnection control = openWhenItListens(loops, uri);
        long openEpochMillis = System.currentTimeMillis();
        control.ask(frames -> Frames.channelOpen(frames, CHANNEL));
        if (!options.drain) {
            declare(control);
        }
        long backlog = options.drain ? messageCount(control) : 0;
        Report report = new Report(options, producers, consumers, openEpochMillis);
        report.begin(options.json ? System.err : out);
        openConsumers(loops, uri);
        openProducers(loops, uri);
        producers.forEach(Producer::start);
        if (options.fill > 0) {
            for (Producer producer : producers) {
                waitFor(producer.done(), report);
            }
            waitUntilHeld(control, report);
        } else if (options.drain) {
            waitUntilReceived(backlog, report);
        } else {
            measure(report);
        }
        report.end(out);
        shutDown(control);
    }

    private RawConnection openWhenItListens(Loops loops, AmqpUri uri) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + options.wait * 1_000_000_000L;
        while (true) {
            try {
                return RawConnection.await(RawConnection.open(loops, uri, ContentListener.NONE));
            } catch (IOException e) {
                if (System.nanoTime() >= deadline) {
                    throw e;
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    private void declare(RawConnection control) throws IOException, InterruptedException {
        for (int queue = 0; queue < options.queues; queue++) {
            String name = options.queue(queue);
            control.ask(frames -> Frames.queueDelete(frames, CHANNEL, name, false));
            control.ask(frames -> Frames.queueDeclare(frames, CHANNEL, name, options.durable, false, Map.of()));
        }
        if (options.exchange().isEmpty()) {
            return;
        }
        String type = options.exchangeType.name();
        control.ask(frames -> Frames.exchangeDelete(frames, CHANNEL, options.exchange()));
        control.ask(frames -> Frames.exchangeDeclare(frames, CHANNEL, options.exchange(), type, false, false));
        for (int queue = 0; queue < options.queues; queue++) {
            String name = options.queue(queue);
            String key = options.bindingKey(queue);
            control.ask(frames -> Frames.queueBind(frames, CHANNEL, name, options.exchange(), key, false));
        }
    }

    private void openConsumers(Loops loops, AmqpUri uri) throws IOException, InterruptedException {
        for (int i = 0; i < options.consumers; i++) {
            LoadConsumer consumer = new LoadConsumer(options);
            RawConnection connection = RawConnection.await(RawConnection.open(loops, uri, consumer));
            RawConnection.await(consumer.start(connection, options.queue(i % options.queues)));
            consumers.add(consumer);
        }
    }

    private void openProducers(Loops loops, AmqpUri uri) throws IOException, InterruptedException {
        for (int i = 0; i < options.producers; i++) {
            long limit = options.fill == 0
                    ? Long.MAX_VALUE
                    : options.fill / options.producers + (i < options.fill % options.producers ? 1 : 0);
            Producer producer = new Producer(options, options.routingKeys(i), limit);
            RawConnection connection = RawConnection.await(RawConnection.open(loops, uri, producer));
            RawConnection.await(producer.prepare(connection));
            producers.add(producer);
        }
    }

    private void measure(Report report) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int second = 1; second <= options.warmup + options.duration; second++) {
            while (System.nanoTime() - begin < second * 1_000_000_000L) {
                Thread.sleep(POLL_MILLIS);
                checkAlive();
            }
            report.second();
            if (second == options.warmup) {
                report.restart();
            }
        }
    }

    private void waitFor(CompletableFuture<Void> done, Report report) throws IOException, InterruptedException {
        while (!done.isDone()) {
            poll(report);
        }
    }

    /** A publish without confirm is known to have arrived only when the queues count it. */
    private void waitUntilHeld(RawConnection control, Report report) throws IOException, InterruptedException {
        long copies = options.exchangeType == LoadOptions.ExchangeType.fanout ? options.queues : 1;
        while (messageCount(control) < options.fill * copies) {
            poll(report);
        }
    }

    private void waitUntilReceived(long backlog, Report report) throws IOException, InterruptedException {
        long lastReceived = -1;
        long lastChange = System.nanoTime();
        while (received() < backlog) {
            poll(report);
            if (received() != lastReceived) {
                lastReceived = received();
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > IDLE_NANOS) {
                throw new IOException("received " + received() + " of " + backlog + " and no more for 30 s");
            }
        }
    }

    private void poll(Report report) throws IOException, InterruptedException {
        Thread.sleep(POLL_MILLIS);
        checkAlive();
        report.secondIfDue();
    }

    private long received() {
        return consumers.stream().mapToLong(LoadConsumer::received).sum();
    }

    private long messageCount(RawConnection control) throws IOException, InterruptedException {
        long sum = 0;
        for (int queue = 0; queue < options.queues; queue++) {
            String name = options.queue(queue);
            sum += control.ask(frames -> Frames.queueDeclarePassive(frames, CHANNEL, name))
                    .messageCount();
        }
        return sum;
    }

    private void checkAlive() throws IOException, InterruptedException {
        for (Producer producer : producers) {
            failIfClosed(producer.connection());
        }
        for (LoadConsumer consumer : consumers) {
            failIfClosed(consumer.connection());
        }
    }

    private static void failIfClosed(RawConnection connection) throws IOException, InterruptedException {
        if (connection.closed().isDone()) {
            RawConnection.await(connection.closed());
        }
    }

    private void shutDown(RawConnection control) throws IOException, InterruptedException {
        producers.forEach(Producer::stop);
        consumers.forEach(LoadConsumer::ackRest);
        for (Producer producer : producers) {
            producer.connection().channel().close();
        }
        for (LoadConsumer consumer : consumers) {
            RawConnection.await(consumer.connection().close());
        }
        if (options.fill == 0) {
            for (int queue = 0; queue < options.queues; queue++) {
                String name = options.queue(queue);
                control.ask(frames -> Frames.queueDelete(frames, CHANNEL, name, false));
            }
            if (!options.exchange().isEmpty()) {
                control.ask(frames -> Frames.exchangeDelete(frames, CHANNEL, options.exchange()));
            }
        }
        RawConnection.await(control.close());
    }
}
