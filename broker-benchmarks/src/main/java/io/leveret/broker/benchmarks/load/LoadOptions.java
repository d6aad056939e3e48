package io.leveret.broker.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** What load to make. Fields are filled by picocli; {@link #check} must be called before use. */
final class LoadOptions {
    private static final int LARGEST_BODY = 1 << 27;

    @Option(names = "--uri", description = "broker to load (default: ${DEFAULT-VALUE})")
    String uri = "amqp://guest:guest@127.0.0.1:5672";

    @Option(names = "--producers", description = "connections that publish (default: ${DEFAULT-VALUE})")
    int producers = 1;

    @Option(names = "--consumers", description = "connections that consume (default: ${DEFAULT-VALUE})")
    int consumers = 1;

    @Option(names = "--queues", description = "queues (default: 1, with fanout one a consumer)")
    int queues;

    @Option(names = "--size", description = "body bytes; latency is measured from 16 on (default: ${DEFAULT-VALUE})")
    int size = 16;

    @Option(
            names = "--exchange-type",
            description = "${COMPLETION-CANDIDATES}; standard is the default exchange " + "(default: ${DEFAULT-VALUE})")
    ExchangeType exchangeType = ExchangeType.direct;

    @Option(names = "--persistent", description = "publish with delivery mode 2")
    boolean persistent;

    @Option(names = "--durable", description = "declare durable queues")
    boolean durable;

    @Option(names = "--confirm", description = "publisher confirms with at most this many open, 0 for none")
    int confirm;

    @Option(names = "--ack", description = "acknowledge every so many messages, 0 for consuming without ack")
    int ack;

    @Option(names = "--prefetch", description = "unacknowledged messages a consumer, 0 for no limit")
    int prefetch;

    @Option(names = "--rate", description = "messages a second and producer, 0 for as fast as it goes")
    int rate;

    @Option(names = "--duration", description = "measured seconds (default: ${DEFAULT-VALUE})")
    int duration = 20;

    @Option(names = "--warmup", description = "seconds before the measured ones (default: ${DEFAULT-VALUE})")
    int warmup = 5;

    @Option(names = "--fill", description = "publish this many messages to be kept in the queues, then stop")
    long fill;

    @Option(names = "--drain", description = "only consume, until what the queues hold now is received")
    boolean drain;

    @Option(names = "--wait", description = "seconds to go on trying while the broker does not listen yet")
    int wait;

    @Option(
            names = "--name",
            description = "prefix of the queues' and the exchange's names (default: ${DEFAULT-VALUE})")
    String name = "load";

    @Option(names = "--loops", description = "event loops (threads) of the generator (default: ${DEFAULT-VALUE})")
    int loops = 1;

    @Option(names = "--broker-pid", description = "process whose CPU time and memory are reported, 0 for none")
    long brokerPid;

    @Option(
            names = "--json",
            description = "end with one line of JSON on standard output, the rest goes to standard error")
    boolean json;

    /** Names as they are written on the command line. */
    enum ExchangeType {
        standard,
        direct,
        fanout,
        topic
    }

    /**
     * Completes what depends on other options.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    void check() {
        if (drain && fill > 0) {
            throw new IllegalArgumentException("--fill and --drain exclude each other");
        }
        atLeast("--producers", producers, 0);
        atLeast("--consumers", consumers, 0);
        atLeast("--queues", queues, 0);
        atLeast("--confirm", confirm, 0);
        atLeast("--ack", ack, 0);
        atLeast("--rate", rate, 0);
        atLeast("--duration", duration, 1);
        atLeast("--warmup", warmup, 0);
        atLeast("--wait", wait, 0);
        atLeast("--loops", loops, 1);
        between("--prefetch", prefetch, 0, 65_535);
        between("--size", size, 0, LARGEST_BODY);
        if (ack > prefetch && prefetch > 0) {
            throw new IllegalArgumentException(
                    "--ack " + ack + " is more than --prefetch " + prefetch + ": nothing would ever be acknowledged");
        }
        producers = drain ? 0 : producers;
        consumers = fill > 0 ? 0 : consumers;
        if (queues == 0) {
            queues = exchangeType == ExchangeType.fanout ? Math.max(1, consumers) : 1;
        }
    }

    /** The exchange to publish to. */
    String exchange() {
        return exchangeType == ExchangeType.standard ? "" : name + "." + exchangeType;
    }

    String queue(int index) {
        return name + "-" + index;
    }

    String bindingKey(int queue) {
        return exchangeType == ExchangeType.topic ? "load." + queue + ".#" : queue(queue);
    }

    /** The routing keys that a producer takes in turn: together the producers reach all queues. */
    List<String> routingKeys(int producer) {
        if (exchangeType == ExchangeType.fanout) {
            return List.of("");
        }
        if (queues <= producers) {
            return List.of(routingKey(producer % queues));
        }
        List<String> keys = new ArrayList<>();
        IntStream.iterate(producer, queue -> queue < queues, queue -> queue + producers)
                .forEach(queue -> keys.add(routingKey(queue)));
        return keys;
    }

    private String routingKey(int queue) {
        return exchangeType == ExchangeType.topic ? "load." + queue + ".message" : queue(queue);
    }

    private static void atLeast(String option, int value, int least) {
        between(option, value, least, Integer.MAX_VALUE);
    }

    private static void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " is " + value + ", allowed are " + least + " to " + most);
        }
    }
}
