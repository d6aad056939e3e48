package io.leveret.broker.limit;

import java.nio.file.Path;

/**
 * When publishers are stopped because the machine runs short. Names in brackets are RabbitMQ's settings.
 *
 * @param memoryBytes how much memory, heap and direct together, may be in use; 0 for no memory alarm
 *     [vm_memory_high_watermark]
 * @param diskFreeBytes how much disk space has to be free; 0 for no disk alarm [disk_free_limit]
 * @param diskDirectory the directory whose file store is watched
 * @param checkMillis how often is looked, at least 1
 */
public record AlarmConfig(long memoryBytes, long diskFreeBytes, Path diskDirectory, long checkMillis) {
    /** No alarms. */
    public static final AlarmConfig OFF = new AlarmConfig(0, 0, Path.of("."), 1_000);
}
