package io.leveret.broker.limit;

import java.nio.file.Path;

/**
 * When publishers are stopped because the machine runs short. Names in brackets are RabbitMQ's settings.
 *
 * @param memory how much memory, in the heap and outside it, may be in use [vm_memory_high_watermark]
 * @param diskFreeBytes how much disk space has to be free; 0 for no disk alarm [disk_free_limit]
 * @param diskDirectory the directory whose file store is watched
 * @param checkMillis how often is looked, at least 1; at memory also in between, after so much was read from clients, and
 *     at the disk more often when little is left to the limit
 */
public record AlarmConfig(MemoryWatermark memory, long diskFreeBytes, Path diskDirectory, long checkMillis) {
    private static final Path WORKING_DIRECTORY = Path.of("");
    private static final long CHECK_MILLIS = 1_000;

    /** No alarms. */
    public static final AlarmConfig OFF = watching(MemoryWatermark.NONE, 0);

    public AlarmConfig {
        if (diskFreeBytes < 0 || checkMillis < 1) {
            throw new IllegalArgumentException("disk: " + diskFreeBytes + ", every " + checkMillis + " ms");
        }
    }

    /** Looks once a second, and at the disk that the working directory is on. */
    public static AlarmConfig watching(MemoryWatermark memory, long diskFreeBytes) {
        return watching(memory, diskFreeBytes, WORKING_DIRECTORY);
    }

    /** Looks once a second, and at the disk that a directory is on. */
    public static AlarmConfig watching(MemoryWatermark memory, long diskFreeBytes, Path diskDirectory) {
        return new AlarmConfig(memory, diskFreeBytes, diskDirectory, CHECK_MILLIS);
    }
}
