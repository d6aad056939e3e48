package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.message.PropertyScanner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Looking through the properties of a message, which every publish does once. Allocates nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PropertyScannerBenchmark {
    private static final int CONTENT_TYPE = 1 << 15;
    private static final int HEADERS = 1 << 13;
    private static final int DELIVERY_MODE = 1 << 12;

    @Param({"none", "persistent", "headers"})
    public String properties;

    private final PropertyScanner scanner = new PropertyScanner();
    private byte[] bytes = {};

    @Setup
    public void encode() {
        ByteBuffer out = ByteBuffer.allocate(512);
        switch (properties) {
            case "none" -> out.putShort((short) 0);
            case "persistent" -> out.putShort((short) DELIVERY_MODE).put((byte) 2);
            case "headers" -> {
                byte[] type = "application/json".getBytes(StandardCharsets.US_ASCII);
                byte[] headers = Tables.messageHeaders().toBytes();
                out.putShort((short) (CONTENT_TYPE | HEADERS | DELIVERY_MODE));
                out.put((byte) type.length)
                        .put(type)
                        .putInt(headers.length)
                        .put(headers)
                        .put((byte) 2);
            }
            default -> throw new IllegalArgumentException(properties);
        }
        bytes = new byte[out.position()];
        out.flip().get(bytes);
    }

    @Benchmark
    public int scan() {
        scanner.scan(bytes, 0, bytes.length);
        return scanner.deliveryMode();
    }
}
