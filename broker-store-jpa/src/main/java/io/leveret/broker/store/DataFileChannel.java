package io.leveret.broker.store;

import static io.leveret.broker.store.ChunkText.BLOCK;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.store.fs.FileBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * H2's data file on a disk that may lose what was not synced, or any part of it. H2 writes a chunk for each commit, to space
 * that the chunks before do not need, and finds the newest one when it opens the file: by the two headers of the file, which
 * it writes now and then and both at once, and by guessing. It takes a chunk for complete that begins and ends as it
 * should, and reuses space without asking whether the change that freed it is on disk. So this channel
 *
 * <ul>
 *   <li>syncs before it writes a chunk while another one has not been synced. So at most one, the newest, can be incomplete
 *       after a loss of power, and nothing that the newest synced one needs is ever overwritten, whatever H2's
 *       {@code RETENTION_TIME};
 *   <li>writes one header of the file with each chunk, in turn, so that the other one leads to the chunk before, which was
 *       synced;
 *   <li>puts a checksum of each chunk in the blanks after its last line, and conceals from H2, while it opens the file, the
 *       newest chunk if it is not what was written. H2 then goes on from the one before;
 *   <li>writes the newest chunk once more, and syncs it, before anything else is written after the file was opened: after a
 *       sync that failed, or a process that was killed before it synced, it may be in the system's memory only;
 *   <li>writes nothing more once a write or a sync has failed. H2 closes the database then; it has to be opened again.
 * </ul>
 *
 * <p>H2 writes on one thread at a time, and reads and syncs on any.
 */
final class DataFileChannel extends FileBase {
    private static final Logger LOG = LoggerFactory.getLogger(DataFileChannel.class);
    private static final int FILE_HEADERS = 2 * BLOCK;
    /** What H2 reads of a chunk when it looks whether there is one. */
    private static final int CHUNK_HEADER = 1024;

    /** Each thread that writes keeps so much memory outside the heap for it, because that is how Java writes arrays. */
    private static final int MOST_AT_ONCE = 1 << 20;

    private final FileChannel file;
    /** How many chunks were written, and how many of them are synced. */
    private final AtomicLong written = new AtomicLong();

    private final AtomicLong synced = new AtomicLong();
    private volatile @Nullable IOException failure;
    private volatile boolean opening = true;
    /** While opening: the newest chunk that H2 has seen; then the newest that was written. */
    private volatile @Nullable ChunkPlace newest;
    /** What is in a header of the file; of the thread that writes. */
    private @Nullable String fileHeader;

    /** Which of the two headers is next to be written; of the thread that writes. */
    private int turn;

    private record ChunkPlace(long id, long position, int length, long version) {
        /** Whether a header of the file leads to it. */
        boolean isIn(String fileHeader) {
            return ChunkText.hex(fileHeader, "block") == position / BLOCK
                    && ChunkText.hex(fileHeader, "version") == version;
        }
    }

    DataFileChannel(FileChannel file) {
        this.file = file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (!opening || target.remaining() != CHUNK_HEADER || position < FILE_HEADERS || position % BLOCK != 0) {
            return file.read(target, position);
        }
        ByteBuffer header = target.duplicate();
        int length = file.read(target, position);
        header.limit(target.position());
        if (ChunkText.beginsAsChunk(header) && !isWhatWasWritten(ChunkText.line(header), position)) {
            target.position(target.position() - length);
            target.put(new byte[length]);
        }
        return length;
    }

    /** False for a chunk that is newer than all before and not complete. */
    private boolean isWhatWasWritten(String header, long position) throws IOException {
        long version = ChunkText.hex(header, "version");
        long length = ChunkText.hex(header, "len") * BLOCK;
        ChunkPlace seen = newest;
        if (seen != null && version <= seen.version) {
            return true;
        }
        if (version >= 0 && length > 0 && length <= Integer.MAX_VALUE && position + length <= file.size()) {
            ByteBuffer chunk = readFully(position, (int) length);
            if (ChunkText.isIntact(chunk)) {
                newest = new ChunkPlace(ChunkText.hex(header, "chunk"), position, (int) length, version);
                return true;
            }
        }
        LOG.warn("the newest write to the data file is not complete and counts as not made, version={}", version);
        return false;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        assertNoFailure();
        int length = source.remaining();
        try {
            if (opening) {
                repeatNewest();
            }
            if (position >= FILE_HEADERS && length % BLOCK == 0 && ChunkText.beginsAsChunk(source)) {
                writeChunk(source, position);
            } else if (position == 0 && length == FILE_HEADERS) {
                writeFileHeaders(source);
            } else {
                writeFully(source, position);
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        return length;
    }

    private void writeChunk(ByteBuffer chunk, long position) throws IOException {
        if (written.get() != synced.get()) {
            force(false);
        }
        boolean isMoved = ChunkText.hasChecksum(ChunkText.footer(chunk));
        if (isMoved) {
            written.incrementAndGet();
            writeFully(chunk, position);
            return;
        }
        ChunkText.addChecksum(chunk);
        String header = ChunkText.line(chunk);
        ChunkPlace place = new ChunkPlace(
                ChunkText.hex(header, "chunk"), position, chunk.remaining(), ChunkText.hex(header, "version"));
        written.incrementAndGet();
        writeFully(chunk, position);
        if (fileHeader != null) {
            writeFileHeader(place, turn);
            turn = 1 - turn;
        }
        newest = place;
    }

    private void writeFileHeader(ChunkPlace place, int which) throws IOException {
        writeFully(
                ChunkText.fileHeader(Objects.requireNonNull(fileHeader), place.id, place.position, place.version),
                (long) which * BLOCK);
    }

    /** H2 writes both at once; there is always one that leads to something synced here. */
    private void writeFileHeaders(ByteBuffer both) throws IOException {
        String header = ChunkText.line(both);
        fileHeader = header;
        ChunkPlace place = newest;
        if (place != null && place.isIn(header) && ChunkText.hex(header, "clean") < 0) {
            both.position(both.limit());
            return;
        }
        ByteBuffer first = both.duplicate();
        first.limit(first.position() + BLOCK);
        force(false);
        writeFully(first, (long) turn * BLOCK);
        file.force(false);
        both.position(both.position() + BLOCK);
        writeFully(both, (long) (1 - turn) * BLOCK);
    }

    private void repeatNewest() throws IOException {
        ChunkPlace place = newest;
        if (place != null) {
            writeFully(readFully(place.position, place.length), place.position);
            file.force(false);
            String first = ChunkText.line(readFully(0, BLOCK));
            String second = ChunkText.line(readFully(BLOCK, BLOCK));
            fileHeader = ChunkText.isFileHeader(first) ? first : second;
            turn = ChunkText.isFileHeader(first) && place.isIn(first) ? 1 : 0;
            if (ChunkText.isFileHeader(fileHeader)) {
                writeFileHeader(place, turn);
                file.force(false);
                writeFileHeader(place, 1 - turn);
                file.force(false);
            } else {
                fileHeader = null;
            }
        }
        opening = false;
    }

    private ByteBuffer readFully(long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            if (file.read(target, position + target.position()) < 0) {
                throw new IOException("the data file ends early");
            }
        }
        return target.flip();
    }

    private void writeFully(ByteBuffer source, long position) throws IOException {
        long at = position;
        int end = source.limit();
        while (source.position() < end) {
            source.limit(Math.min(end, source.position() + MOST_AT_ONCE));
            at += file.write(source, at);
        }
        source.limit(end);
    }

    private void assertNoFailure() throws IOException {
        IOException before = failure;
        if (before != null) {
            throw new IOException("the data file has to be opened again after: " + before.getMessage(), before);
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        assertNoFailure();
        long covered = written.get();
        try {
            // What is needed to read the file again is synced with it, its length for one; times are not needed.
            file.force(false);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        synced.accumulateAndGet(covered, Math::max);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        assertNoFailure();
        file.truncate(size);
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return file.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int length = write(source, file.position());
        file.position(file.position() + length);
        return length;
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        file.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }
}
