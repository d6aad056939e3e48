package io.leveret.broker.limit;

import java.io.IOException;
import java.nio.file.Path;

/** Says how much space is left on the disk a directory is on. */
@FunctionalInterface
interface DiskSource {

    /** The bytes that this program may still write there. May have to wait for the disk. */
    long freeBytes(Path directory) throws IOException;
}
