package io.leveret.broker.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one store to the file of an H2 database. H2 keeps other processes away by itself, but within one process it
 * would let two stores work with the same database.
 */
final class DatabaseFile implements AutoCloseable {
    private final FileChannel channel;

    /** Held on to, because the virtual machine forgets the lock with it. */
    private final FileLock lock;

    private DatabaseFile(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the directory if needed.
     *
     * @param database the file without {@code .mv.db}
     * @throws StoreException if somebody else has it, or the directory can't be written to
     */
    static DatabaseFile claim(Path database) {
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        try {
            Files.createDirectories(database.resolveSibling("."));
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw inUse(database, null);
            }
            return new DatabaseFile(channel, lock);
        } catch (IOException e) {
            throw new StoreException("no database can be kept in " + database.getParent() + ": " + e, e);
        }
    }

    static StoreException inUse(Path database, @Nullable Throwable cause) {
        return new StoreException(
                "the database " + database + ".mv.db is in use already: another broker has the same data directory",
                cause);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                lock.release();
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
