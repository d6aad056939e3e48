package io.leveret.broker.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.store.disk.TestDisk;
import io.leveret.broker.store.disk.TestFilePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileChannelTests {
    private static final int BLOCK = 4096;

    @TempDir
    private Path directory;

    private final TestDisk disk = new TestDisk();
    private FileChannel file;

    @BeforeEach
    void openFile() throws IOException {
        file = open();
    }

    @Test
    void syncsAChunkBeforeItWritesTheNext() throws IOException {
        file.write(chunk(1, 2), 2 * BLOCK);
        file.write(chunk(2, 1), 4 * BLOCK);
        assertThat(disk.lastEvents(disk.size())).isEqualTo("WRITE 8192+8192, SYNC 0+0, WRITE 16384+4096, ");
    }

    @Test
    void syncsNothingTwice() throws IOException {
        file.write(chunk(1, 2), 2 * BLOCK);
        file.force(true);
        file.write(chunk(2, 1), 4 * BLOCK);
        assertThat(disk.lastEvents(disk.size())).isEqualTo("WRITE 8192+8192, SYNC 0+0, WRITE 16384+4096, ");
    }

    @Test
    void concealsAChunkThatIsNotAsItWasWritten() throws IOException {
        file.write(chunk(1, 3), 2 * BLOCK);
        file.force(true);
        assertThat(headerAt(open(), 2 * BLOCK)).startsWith("chunk:1");
        FilePath path = FilePath.get(directory.resolve("broker.mv.db").toString());
        try (FileChannel raw = path.open("rw")) {
            raw.write(ByteBuffer.wrap(new byte[] {1}), 3 * BLOCK + 77);
        }
        assertThat(headerAt(open(), 2 * BLOCK)).isEqualTo("\0".repeat(1024));
    }

    @Test
    void acceptsAChunkThatWasWrittenWithoutAChecksum() throws IOException {
        FilePath path = FilePath.get(directory.resolve("broker.mv.db").toString());
        try (FileChannel raw = path.open("rw")) {
            raw.write(chunk(1, 2), 2 * BLOCK);
        }
        assertThat(headerAt(open(), 2 * BLOCK)).startsWith("chunk:1");
    }

    @Test
    void writesTheNewestChunkAgainBeforeAnythingElse() throws IOException {
        file.write(chunk(1, 2), 2 * BLOCK);
        FileChannel next = open();
        headerAt(next, 2 * BLOCK);
        next.write(chunk(2, 1), 4 * BLOCK);
        assertThat(disk.lastEvents(disk.size()))
                .isEqualTo("WRITE 8192+8192, WRITE 8192+8192, SYNC 0+0, WRITE 16384+4096, ");
    }

    @Test
    void writesNothingAfterASyncThatFailed() throws IOException {
        file.write(chunk(1, 2), 2 * BLOCK);
        disk.failSyncs("Input/output error");
        assertThatThrownBy(() -> file.force(true)).hasMessage("Input/output error");
        disk.failSyncs(null);
        assertThatThrownBy(() -> file.force(true)).hasMessageContaining("opened again");
        assertThatThrownBy(() -> file.write(chunk(2, 1), 4 * BLOCK)).hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> file.truncate(0)).hasMessageContaining("opened again");
        assertThat(disk.lastEvents(disk.size())).isEqualTo("WRITE 8192+8192, ");
    }

    private FileChannel open() throws IOException {
        String path = TestFilePath.on(disk, directory.resolve("broker").toString()) + ".mv.db";
        return new DataFileChannel(FilePath.get(path).open("rw"));
    }

    private static String headerAt(FileChannel file, long position) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(1024);
        file.read(header, position);
        return new String(header.array(), ISO_8859_1);
    }

    /** As H2 would write it. */
    private static ByteBuffer chunk(int id, int blocks) {
        ByteBuffer chunk = ByteBuffer.allocate(blocks * BLOCK);
        chunk.put("chunk:%x,len:%x,version:%x\n".formatted(id, blocks, id).getBytes(ISO_8859_1));
        String footer = "chunk:%x,len:%x,version:%x,fletcher:0".formatted(id, blocks, id);
        chunk.position(chunk.limit() - 128);
        chunk.put((footer + " ".repeat(127 - footer.length()) + "\n").getBytes(ISO_8859_1));
        return chunk.rewind();
    }
}
