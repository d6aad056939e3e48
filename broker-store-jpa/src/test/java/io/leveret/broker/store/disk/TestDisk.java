package io.leveret.broker.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FileBase;
import org.jspecify.annotations.Nullable;

/**
 * A disk with one file, of which it remembers what was written and synced when, so that a test can see what a loss of power
 * at any moment might have left: all that was synced, and any part of the rest. Writing and syncing fail on demand.
 */
public final class TestDisk {
    /** What a disk writes whole or not at all. */
    private static final int SECTOR = 4096;

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final byte[] before;
    private volatile @Nullable String growFailure;
    private volatile @Nullable String syncFailure;

    private record Event(Kind kind, long position, byte[] bytes) {}

    private enum Kind {
        WRITE,
        TRUNCATE,
        SYNC,
        MARK
    }

    /** An empty one. */
    public TestDisk() {
        this(new byte[0]);
    }

    /** With what a loss of power has left. */
    public TestDisk(byte[] before) {
        this.before = before;
    }

    /** Lets every write that makes the file longer fail, after half of it, as on a full disk; null for no more. */
    public void failToGrow(@Nullable String message) {
        growFailure = message;
    }

    /** Lets every sync fail; null for no more. */
    public void failSyncs(@Nullable String message) {
        syncFailure = message;
    }

    /** Remembers that something is promised from now on. */
    public void mark(long number) {
        events.add(new Event(Kind.MARK, number, new byte[0]));
    }

    /** How many events there were. */
    public int size() {
        return events.size();
    }

    /** The last mark before an event; -1 for none. */
    public long lastMark(int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (events.get(i).kind == Kind.MARK) {
                return events.get(i).position;
            }
        }
        return -1;
    }

    /** What a loss of power before an event might leave. */
    public byte[] afterPowerLoss(int end, Random random) {
        int synced = 0;
        for (int i = 0; i < end; i++) {
            synced = events.get(i).kind == Kind.SYNC ? i : synced;
        }
        var image = new Image(before);
        int kept = random.nextInt(11);
        for (int i = 0; i < end; i++) {
            Event event = events.get(i);
            if (i < synced) {
                image.apply(event);
            } else if (event.kind == Kind.WRITE) {
                image.applySome(event, kept, random);
            } else if (random.nextInt(10) < kept) {
                image.apply(event);
            }
        }
        return image.bytes();
    }

    private static final class Image {
        private byte[] bytes;
        private int length;

        Image(byte[] before) {
            bytes = Arrays.copyOf(before, Math.max(before.length, 1 << 20));
            length = before.length;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }

        void apply(Event event) {
            if (event.kind == Kind.WRITE) {
                put(event.bytes, 0, event.bytes.length, event.position);
            } else if (event.kind == Kind.TRUNCATE && event.position < length) {
                Arrays.fill(bytes, (int) event.position, length, (byte) 0);
                length = (int) event.position;
            }
        }

        void applySome(Event event, int kept, Random random) {
            for (int start = 0; start < event.bytes.length; start += SECTOR) {
                if (random.nextInt(10) < kept) {
                    put(event.bytes, start, Math.min(event.bytes.length, start + SECTOR), event.position);
                }
            }
        }

        private void put(byte[] source, int start, int end, long position) {
            int last = (int) position + end;
            if (last > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * last);
            }
            System.arraycopy(source, start, bytes, (int) position + start, end - start);
            length = Math.max(length, last);
        }
    }

    FileChannel wrap(FileChannel file) {
        return new Recorder(file);
    }

    /** The events before one, for a message. */
    public String lastEvents(int end) {
        var text = new StringBuilder();
        events.subList(Math.max(0, end - 12), end)
                .forEach(event -> text.append(event.kind)
                        .append(' ')
                        .append(event.position)
                        .append('+')
                        .append(event.bytes.length)
                        .append(", "));
        return text.toString();
    }

    private final class Recorder extends FileBase {
        private final FileChannel file;

        Recorder(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            String failure = growFailure;
            if (failure != null && position + source.remaining() > file.size()) {
                ByteBuffer half = source.duplicate();
                half.limit(half.position() + half.remaining() / 2);
                file.write(half, position);
                throw new IOException(failure);
            }
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            events.add(new Event(Kind.WRITE, position, bytes));
            return file.write(source, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            String failure = syncFailure;
            if (failure != null) {
                throw new IOException(failure);
            }
            file.force(metaData);
            events.add(new Event(Kind.SYNC, 0, new byte[0]));
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            events.add(new Event(Kind.TRUNCATE, size, new byte[0]));
            file.truncate(size);
            return this;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            throw new IOException("H2 writes to a position");
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
}
