package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class H2BackupTests {
    private static final int HEADERS = 2 * ChunkText.BLOCK;

    private final byte[] file = new byte[100_000];
    private final ByteArrayOutputStream zip = new ByteArrayOutputStream();

    H2BackupTests() {
        new Random(1).nextBytes(file);
    }

    /** Copies the file in blocks as H2 does. */
    private byte[] copy(H2Backup.Length length, int block) throws IOException {
        try (var copy = new H2Backup.Copy(zip, length)) {
            copy.putNextEntry(new ZipEntry("broker.mv.db"));
            for (int at = 0; at < file.length; at += block) {
                copy.write(file, at, Math.min(block, file.length - at));
            }
            copy.closeEntry();
        }
        try (var copied = new ZipInputStream(new ByteArrayInputStream(zip.toByteArray()))) {
            assertThat(copied.getNextEntry()).isNotNull();
            return copied.readAllBytes();
        }
    }

    @Test
    void leavesOutWhatCameAfterTheHeadersWereCopied() throws IOException {
        assertThat(copy(() -> 50_000, ChunkText.BLOCK)).isEqualTo(Arrays.copyOf(file, 50_000));
    }

    @Test
    void looksAtTheLengthOnceWhenTheHeadersAreCopied() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        byte[] copied = copy(() -> looks.incrementAndGet() == 1 ? HEADERS + 5 : file.length, ChunkText.BLOCK / 2);
        assertThat(copied).isEqualTo(Arrays.copyOf(file, HEADERS + 5));
        assertThat(looks).hasValue(1);
    }

    @Test
    void blocksMayBeOfAnySize() throws IOException {
        assertThat(copy(() -> 60_001, 12_345)).isEqualTo(Arrays.copyOf(file, 60_001));
    }
}
