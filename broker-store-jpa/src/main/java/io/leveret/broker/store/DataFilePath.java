package io.leveret.broker.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * How H2 reaches its data file: through a {@link DataFileChannel}, which makes sure of what H2 takes for granted about a disk.
 * An address begins with {@code jdbc:h2:leveret:}; the file is an ordinary H2 file, which can be opened with
 * {@code jdbc:h2:file:} too.
 *
 * <p>Public because H2 makes instances of it.
 */
public final class DataFilePath extends FilePathWrapper {
    static final String SCHEME = "leveret";
    private static final String DATA_FILE = ".mv.db";

    /** Lets H2 know of it; again and again is fine. */
    static void register() {
        FilePath.register(new DataFilePath());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        if (!name.endsWith(DATA_FILE)) {
            return super.open(mode);
        }
        boolean isNew = !exists();
        FileChannel file = super.open(mode);
        try {
            if (isNew) {
                syncDirectory();
            }
            return new DataFileChannel(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** A file that was synced is lost all the same when the directory does not know it. */
    private void syncDirectory() throws IOException {
        FilePath path = this;
        while (path instanceof FilePathWrapper) {
            path = path.unwrap();
        }
        if (!path.getScheme().equals("file")
                || System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        Path directory = Path.of(path.toString()).toAbsolutePath().getParent();
        if (directory == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
