package io.leveret.broker.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** Turns the counters of producers and consumers into a line a second and the figures of the whole interval. */
final class Report {
    private static final double[] PERCENTILES = {50, 95, 99, 99.9};

    private final LoadOptions options;
    private final List<Producer> producers;
    private final List<LoadConsumer> consumers;
    private final OperatingSystemMXBean self = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Histogram latency = LatencyRecorder.newHistogram();
    private final Histogram confirmLatency = LatencyRecorder.newHistogram();
    private final long openEpochMillis;
    private PrintStream lines = System.out;
    private Snapshot begin = new Snapshot(0, 0, 0, 0, 0, 0, 0);
    private Snapshot last = begin;

    /** @param openEpochMillis when the broker had accepted the first connection */
    Report(LoadOptions options, List<Producer> producers, List<LoadConsumer> consumers, long openEpochMillis) {
        this.openEpochMillis = openEpochMillis;
        this.options = options;
        this.producers = producers;
        this.consumers = consumers;
    }

    /** Prints the head of the table; each second's line goes to the same place. */
    void begin(PrintStream stream) throws IOException {
        lines = stream;
        lines.println(
                "     s   sent/s  received/s  confirmed/s  cores  own     MB |  latency ms: p50     p95     p99   p99.9     max");
        restart();
    }

    /** Forgets what was counted so far. */
    void restart() throws IOException {
        begin = snapshot();
        last = begin;
        latency.reset();
        confirmLatency.reset();
        intervalLatency();
        intervalConfirmLatency();
    }

    /** Prints a line when a second has passed since the last. */
    void secondIfDue() throws IOException {
        if (System.nanoTime() - last.nanos > 1_000_000_000L) {
            second();
        }
    }

    /** Prints a line for the time since the last. */
    void second() throws IOException {
        Snapshot now = snapshot();
        Histogram shown = intervalLatency();
        Histogram confirms = intervalConfirmLatency();
        latency.add(shown);
        confirmLatency.add(confirms);
        printLine(now, last, shown.getTotalCount() > 0 ? shown : confirms);
        last = now;
    }

    /** Prints the figures of the time since {@link #begin} or {@link #restart}. */
    void end(PrintStream result) throws IOException {
        Snapshot now = snapshot();
        latency.add(intervalLatency());
        confirmLatency.add(intervalConfirmLatency());
        lines.println("in all:");
        printLine(now, begin, latency.getTotalCount() > 0 ? latency : confirmLatency);
        if (confirmLatency.getTotalCount() > 0) {
            lines.println("confirm latency ms: " + percentiles(confirmLatency));
        }
        long nacked = sum(producers, Producer::nacked);
        long returned = sum(producers, Producer::returned);
        if (nacked + returned > 0) {
            lines.println("negative confirms: " + nacked + ", returned messages: " + returned);
        }
        ProcessUsage broker = broker();
        lines.println(format(
                "broker: %.2f CPU s, %.0f MB resident, %.0f MB at most",
                now.brokerCpuSeconds - begin.brokerCpuSeconds,
                broker.residentBytes() / 1e6,
                broker.peakResidentBytes() / 1e6));
        if (options.json) {
            result.println(json(now, broker));
        }
    }

    private void printLine(Snapshot now, Snapshot then, Histogram shown) {
        double seconds = (now.nanos - then.nanos) / 1e9;
        lines.println(format(
                "%6.1f %8.0f    %8.0f     %8.0f   %4.2f %4.2f %6.0f |     %s",
                (now.nanos - begin.nanos) / 1e9,
                (now.sent - then.sent) / seconds,
                (now.received - then.received) / seconds,
                (now.confirmed - then.confirmed) / seconds,
                (now.brokerCpuSeconds - then.brokerCpuSeconds) / seconds,
                (now.ownCpuSeconds - then.ownCpuSeconds) / seconds,
                now.brokerResidentBytes / 1e6,
                percentiles(shown)));
    }

    private static String percentiles(Histogram histogram) {
        StringBuilder text = new StringBuilder();
        for (double percentile : PERCENTILES) {
            text.append(format("%8.2f", histogram.getValueAtPercentile(percentile) / 1e3));
        }
        return text.append(format("%8.2f", histogram.getMaxValue() / 1e3)).toString();
    }

    private String json(Snapshot now, ProcessUsage broker) {
        double seconds = (now.nanos - begin.nanos) / 1e9;
        double brokerCpu = now.brokerCpuSeconds - begin.brokerCpuSeconds;
        return format(
                "{\"seconds\":%.3f,\"sent\":%d,\"received\":%d,\"confirmed\":%d,"
                        + "\"sendRate\":%.0f,\"receiveRate\":%.0f,\"confirmRate\":%.0f,"
                        + "\"latencyMicros\":%s,\"confirmLatencyMicros\":%s,"
                        + "\"brokerCpuSeconds\":%.2f,\"brokerCores\":%.3f,\"generatorCores\":%.3f,"
                        + "\"brokerResidentBytes\":%d,\"brokerPeakResidentBytes\":%d,"
                        + "\"openEpochMillis\":%d,\"firstEpochMillis\":%d}",
                seconds,
                now.sent - begin.sent,
                now.received - begin.received,
                now.confirmed - begin.confirmed,
                (now.sent - begin.sent) / seconds,
                (now.received - begin.received) / seconds,
                (now.confirmed - begin.confirmed) / seconds,
                json(latency),
                json(confirmLatency),
                brokerCpu,
                brokerCpu / seconds,
                (now.ownCpuSeconds - begin.ownCpuSeconds) / seconds,
                broker.residentBytes(),
                broker.peakResidentBytes(),
                openEpochMillis,
                firstEpochMillis());
    }

    /** When any consumer got a message for the first time; 0 if none has. */
    private long firstEpochMillis() {
        return consumers.stream()
                .mapToLong(LoadConsumer::firstEpochMillis)
                .filter(millis -> millis > 0)
                .min()
                .orElse(0);
    }

    private static String json(Histogram histogram) {
        return format(
                "{\"p50\":%d,\"p95\":%d,\"p99\":%d,\"p99.9\":%d,\"max\":%d}",
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(95),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }

    private Snapshot snapshot() throws IOException {
        ProcessUsage broker = broker();
        return new Snapshot(
                System.nanoTime(),
                sum(producers, Producer::sent),
                sum(consumers, LoadConsumer::received),
                sum(producers, Producer::confirmed),
                broker.cpuSeconds(),
                self.getProcessCpuTime() / 1e9,
                broker.residentBytes());
    }

    private ProcessUsage broker() throws IOException {
        return options.brokerPid == 0 ? new ProcessUsage(0, 0, 0) : ProcessUsage.of(options.brokerPid);
    }

    private Histogram intervalLatency() {
        Histogram interval = LatencyRecorder.newHistogram();
        consumers.forEach(consumer -> consumer.latency().drainTo(interval));
        return interval;
    }

    private Histogram intervalConfirmLatency() {
        Histogram interval = LatencyRecorder.newHistogram();
        producers.forEach(producer -> producer.confirmLatency().drainTo(interval));
        return interval;
    }

    private static <T> long sum(List<T> all, ToLongFunction<T> counter) {
        return all.stream().mapToLong(counter).sum();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private record Snapshot(
            long nanos,
            long sent,
            long received,
            long confirmed,
            double brokerCpuSeconds,
            double ownCpuSeconds,
            long brokerResidentBytes) {}
}
