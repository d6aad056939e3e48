package io.leveret.broker.benchmarks.capacity;

import io.leveret.broker.benchmarks.load.AmqpUri;
import io.leveret.broker.benchmarks.load.ContentListener;
import io.leveret.broker.benchmarks.load.Frames;
import io.leveret.broker.benchmarks.load.Loops;
import io.leveret.broker.benchmarks.load.ProcessUsage;
import io.leveret.broker.benchmarks.load.RawConnection;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What the capacity programs share: where the broker is, and a line for each step with its time and the broker's memory. */
final class Run implements AutoCloseable {
    static final int CHANNEL = 1;

    @Option(names = "--uri", description = "broker to fill (default: ${DEFAULT-VALUE})")
    private String uri = "amqp://guest:guest@127.0.0.1:5672";

    @Option(names = "--broker-pid", description = "process whose memory and CPU time are reported, 0 for none")
    private long brokerPid;

    @Option(names = "--keep", description = "leave what was made in the broker")
    private boolean keep;

    private final Loops loops = Loops.start(1);
    private long stepBegin = System.nanoTime();
    private double cpuBegin;

    AmqpUri uri() {
        return AmqpUri.parse(uri);
    }

    Loops loops() {
        return loops;
    }

    boolean keep() {
        return keep;
    }

    /** A connection with channel 1 open. */
    RawConnection connect(ContentListener listener) throws IOException, InterruptedException {
        RawConnection connection = RawConnection.await(RawConnection.open(loops, uri(), listener));
        connection.ask(out -> Frames.channelOpen(out, CHANNEL));
        return connection;
    }

    /** Starts the time of the next step. */
    void begin() throws IOException {
        cpuBegin = brokerPid == 0 ? 0 : ProcessUsage.of(brokerPid).cpuSeconds();
        stepBegin = System.nanoTime();
    }

    /** Prints what {@code count} things took since {@link #begin}, and what the broker holds now. */
    void end(String step, long count) throws IOException, InterruptedException {
        double seconds = (System.nanoTime() - stepBegin) / 1e9;
        String line = format("%-34s %9d in %8.2f s, %9.0f /s", step, count, seconds, count / seconds);
        if (brokerPid != 0) {
            ProcessUsage usage = ProcessUsage.of(brokerPid);
            line += format(
                    "; broker %6.2f CPU s, resident %5.0f MB",
                    usage.cpuSeconds() - cpuBegin, usage.residentBytes() / 1e6);
            long heap = ProcessUsage.liveHeapBytes(brokerPid);
            line += heap < 0 ? "" : format(", live heap %5.0f MB", heap / 1e6);
        }
        System.out.println(line);
    }

    /** Stops the client's threads. */
    @Override
    public void close() {
        loops.close();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
