package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.AmqpMethods;
import io.leveret.broker.amqp.method.BasicDeliver;
import io.leveret.broker.amqp.method.BasicPublish;
import io.leveret.broker.amqp.method.QueueDeclare;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and writing methods through their records, the general way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MethodBenchmark {
    @Param({"publish", "deliver", "declare"})
    public String name;

    private final ByteBuf written = Unpooled.directBuffer(1024);
    private final ByteBuf target = Unpooled.directBuffer(1024);
    private AmqpMethod method = new BasicPublish("", "", false, false);

    @Setup
    public void encode() {
        method = switch (name) {
            case "publish" -> new BasicPublish("orders", "orders.north.placed", false, false);
            case "deliver" -> new BasicDeliver("ctag-1", 1_000_000, false, "orders", "orders.north.placed");
            case "declare" ->
                new QueueDeclare("orders.north", false, true, false, false, false, Tables.queueArguments());
            default -> throw new IllegalArgumentException(name);
        };
        method.writeTo(written);
    }

    @TearDown
    public void release() {
        written.release();
        target.release();
    }

    @Benchmark
    public @Nullable AmqpMethod read() {
        return AmqpMethods.read(method.id(), written);
    }

    @Benchmark
    public ByteBuf write() {
        method.writeTo(target.clear());
        return target;
    }
}
