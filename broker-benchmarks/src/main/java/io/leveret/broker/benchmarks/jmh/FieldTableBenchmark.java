package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.message.FieldTable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and writing the headers of a message as a table. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FieldTableBenchmark {
    private final FieldTable table = Tables.messageHeaders();
    private final byte[] bytes = table.toBytes();

    @Benchmark
    public FieldTable read() {
        return FieldTable.read(bytes, 0, bytes.length);
    }

    @Benchmark
    public byte[] write() {
        return table.toBytes();
    }
}
