package io.leveret.broker.limit;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarms of a broker: they are on while it runs short of memory or of disk space, and stop publishers. Its methods may be
 * called by any thread.
 *
 * <p>Memory and disk are looked at on a thread each, {@code broker-<name>-memory} and {@code broker-<name>-disk}, which are
 * started when there is something to watch. Each loop is told of every change. What counts as memory in use is described at
 * {@link MemoryGauge}.
 */
public final class Alarms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private static final int LOOKS_PER_HEAP = 128;
    private static final long FEWEST_BYTES_BETWEEN_LOOKS = 256 << 10;
    private static final long MOST_BYTES_BETWEEN_LOOKS = 16 << 20;

    /** As fast as RabbitMQ assumes that a disk fills [rabbit_disk_monitor]. */
    private static final long DISK_BYTES_PER_MILLI = 250_000;

    private static final long LEAST_DISK_CHECK_MILLIS = 50;

    private final String name;
    private final List<? extends EventLoop> loops;
    private final LoopAlarms[] byLoop;
    private final MemoryInUse messages;
    private final MemorySource memory;
    private final MemoryGauge gauge;
    private final DiskSource disk;
    private final Path diskDirectory;
    private final long checkMillis;
    private final Watch memoryWatch;
    private final Watch diskWatch;
    private final AtomicInteger inEffect = new AtomicInteger();
    private volatile MemoryWatermark watermark;
    private volatile long diskFreeLimit;
    private volatile long memoryUsed;
    private volatile long diskFree = -1;
    private boolean diskFailed;

    /** @param name the broker's, for names of threads and for the log */
    public Alarms(String name, AlarmConfig config, EventLoops loops, MemoryInUse messages) {
        this(
                name,
                config,
                loops,
                messages,
                new JvmMemory(loops),
                directory -> Files.getFileStore(directory).getUsableSpace());
    }

    Alarms(
            String name,
            AlarmConfig config,
            EventLoops loops,
            MemoryInUse messages,
            MemorySource memory,
            DiskSource disk) {
        this.name = name;
        this.loops = loops.all();
        this.messages = messages;
        this.memory = memory;
        this.gauge = new MemoryGauge(memory);
        this.disk = disk;
        this.diskDirectory = config.diskDirectory().toAbsolutePath();
        this.watermark = config.memory();
        this.diskFreeLimit = config.diskFreeBytes();
        this.checkMillis = config.checkMillis();
        this.memoryWatch = new Watch("broker-" + name + "-memory", this::lookAtMemory, config::checkMillis);
        this.diskWatch = new Watch("broker-" + name + "-disk", this::lookAtDisk, this::diskCheckMillis);
        this.byLoop = new LoopAlarms[this.loops.size()];
        long bytesBetweenLooks = Math.max(
                FEWEST_BYTES_BETWEEN_LOOKS, Math.min(MOST_BYTES_BETWEEN_LOOKS, memory.heapMax() / LOOKS_PER_HEAP));
        for (int i = 0; i < byLoop.length; i++) {
            byLoop[i] = new LoopAlarms(this, bytesBetweenLooks);
        }
    }

    /** Begins to watch what there is a limit for. */
    public void start() {
        if (!watermark.isNone()) {
            memoryWatch.begin();
        }
        if (diskFreeLimit > 0) {
            diskWatch.begin();
        }
    }

    /** The alarms that are on, as of the last look. */
    public Set<Alarm> inEffect() {
        int now = inEffect.get();
        EnumSet<Alarm> on = EnumSet.noneOf(Alarm.class);
        for (Alarm alarm : Alarm.values()) {
            if ((now & alarm.bit()) != 0) {
                on.add(alarm);
            }
        }
        return on;
    }

    /** The alarms as that loop's connections see them; to be used on that loop. */
    public LoopAlarms on(EventLoop loop) {
        return byLoop[loop.index()];
    }

    public MemoryWatermark memoryWatermark() {
        return watermark;
    }

    /**
     * Sets how much memory may be in use, until the broker ends [rabbitmqctl set_vm_memory_high_watermark].
     *
     * @return completes when the alarm is on or off accordingly and every loop goes by that
     */
    public CompletableFuture<Void> setMemoryWatermark(MemoryWatermark wanted) {
        watermark = wanted;
        return memoryWatch.lookNow().thenCompose(done -> reachLoops());
    }

    /** How much memory may be in use, in the heap and outside it, in bytes; {@link Long#MAX_VALUE} for any. */
    public long memoryLimit() {
        return watermark.limitOfBoth(memory.heapMax(), memory.buffersMax());
    }

    /** How much memory was in use at the last look, in the heap and outside it, in bytes; 0 before the first one. */
    public long memoryUsed() {
        return memoryUsed;
    }

    /** How much disk space has to be free, in bytes; 0 for none. */
    public long diskFreeLimit() {
        return diskFreeLimit;
    }

    /**
     * Sets how much disk space has to be free, until the broker ends [rabbitmqctl set_disk_free_limit].
     *
     * @param bytes 0 for none
     * @return completes when the alarm is on or off accordingly and every loop goes by that
     */
    public CompletableFuture<Void> setDiskFreeLimit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit is not negative: " + bytes);
        }
        diskFreeLimit = bytes;
        return diskWatch.lookNow().thenCompose(done -> reachLoops());
    }

    /** Completes when every loop has done what it was told so far. */
    private CompletableFuture<Void> reachLoops() {
        return CompletableFuture.allOf(loops.stream()
                .map(loop -> CompletableFuture.runAsync(() -> {}, loop))
                .toArray(CompletableFuture[]::new));
    }

    /** How much disk space was free at the last look, in bytes; -1 when that is not known. */
    public long diskFree() {
        return diskFree;
    }

    /** Has the memory looked at before the next regular look. */
    void lookAtMemorySoon() {
        if (memoryWatch.hasBegun()) {
            memoryWatch.lookSoon();
        }
    }

    /** On the thread that watches the memory. */
    void lookAtMemory() {
        boolean high = gauge.look(watermark, messages.total(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        memoryUsed = gauge.inUse();
        set(Alarm.MEMORY, high, memoryUsed, memoryLimit());
    }

    /** On the thread that watches the disk. */
    void lookAtDisk() {
        long limit = diskFreeLimit;
        long free;
        try {
            free = disk.freeBytes(diskDirectory);
            diskFailed = false;
        } catch (IOException | SecurityException e) {
            if (!diskFailed) {
                diskFailed = true;
                LOG.warn(
                        "cannot find out how much of the disk of {} is free; its alarm stays as it is",
                        diskDirectory,
                        e);
            }
            diskFree = -1;
            if (limit == 0) {
                set(Alarm.DISK, false, 0, 0);
            }
            return;
        }
        diskFree = free;
        set(Alarm.DISK, free < limit, free, limit);
    }

    /** The time until the next look at the disk: before a disk that is written to as fast as can be reaches the limit. */
    long diskCheckMillis() {
        long left = diskFree - diskFreeLimit;
        return left < 0
                ? checkMillis
                : Math.min(checkMillis, Math.max(LEAST_DISK_CHECK_MILLIS, left / DISK_BYTES_PER_MILLI));
    }

    private void set(Alarm alarm, boolean on, long figure, long limit) {
        int before = inEffect.getAndUpdate(all -> on ? all | alarm.bit() : all & ~alarm.bit());
        if (on == ((before & alarm.bit()) != 0)) {
            return;
        }
        log(alarm, on, figure, limit);
        for (EventLoop loop : loops) {
            LoopAlarms told = byLoop[loop.index()];
            // by then there may have been another change, of which it is told as well
            loop.execute(() -> told.onChange(inEffect.get()));
        }
    }

    private void log(Alarm alarm, boolean on, long figure, long limit) {
        if (on) {
            LOG.atWarn()
                    .addKeyValue("broker", name)
                    .addKeyValue("alarm", alarm.resource())
                    .log(
                            "{} alarm is on ({} bytes {}, limit {}): connections that publish are blocked",
                            alarm.resource(),
                            figure,
                            alarm == Alarm.MEMORY ? "in use" : "free",
                            limit);
        } else {
            LOG.atInfo()
                    .addKeyValue("broker", name)
                    .addKeyValue("alarm", alarm.resource())
                    .log("{} alarm is off again", alarm.resource());
        }
    }

    /** Ends the threads; alarms stay as they are. */
    @Override
    public void close() {
        memoryWatch.close();
        diskWatch.close();
    }
}
