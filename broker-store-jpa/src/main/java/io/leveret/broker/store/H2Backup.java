package io.leveret.broker.store;

import static io.leveret.broker.store.ChunkText.BLOCK;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.zip.ZipOutputStream;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.db.Store;

/**
 * Copies an H2 file while it is written. H2's own {@code BACKUP TO} copies until it has reached the end of the file, and the
 * file grows meanwhile because no space is used again until then: under load it would go after the end for minutes. This
 * copies what was there at the beginning.
 */
final class H2Backup {
    private H2Backup() {}

    /**
     * Writes a zip file.
     *
     * @param dataFile the file of the database
     * @param target is overwritten
     */
    static void write(Connection connection, Path dataFile, Path target) throws IOException, SQLException {
        try (var copy = new Copy(Files.newOutputStream(target), () -> Files.size(dataFile))) {
            fileStore(connection).backup(copy);
        }
    }

    private static FileStore<?> fileStore(Connection connection) throws SQLException {
        var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        Store store = session.getDatabase().getStore();
        store.flush();
        return store.getMvStore().getFileStore();
    }

    /** The length of the file. */
    interface Length {
        long get() throws IOException;
    }

    /**
     * Leaves out what the file has got since its headers were copied. What these lead to is in front of that, because a chunk
     * is written before the header that leads to it, and H2 overwrites nothing during a backup.
     */
    static final class Copy extends ZipOutputStream {
        private static final long HEADERS = 2L * BLOCK;

        private final Length length;
        private long position;
        private long end = HEADERS;

        Copy(OutputStream target, Length length) {
            super(target);
            this.length = length;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            int from = offset;
            int left = count;
            while (left > 0) {
                if (position == HEADERS) {
                    end = Math.max(HEADERS, length.get());
                }
                int next = position < HEADERS ? (int) Math.min(left, HEADERS - position) : left;
                int wanted = (int) Math.max(0, Math.min(next, end - position));
                super.write(bytes, from, wanted);
                position += next;
                from += next;
                left -= next;
            }
        }
    }
}
