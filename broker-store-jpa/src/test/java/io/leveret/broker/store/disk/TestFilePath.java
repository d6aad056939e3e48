package io.leveret.broker.store.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** Puts a {@link TestDisk} between H2 and a data file. Public because H2 makes instances of it. */
public final class TestFilePath extends FilePathWrapper {
    private static final String SCHEME = "testdisk";
    private static final Map<String, TestDisk> DISKS = new ConcurrentHashMap<>();

    /** The prefix of a file on a disk; the rest is a path of H2. */
    public static String on(TestDisk disk, String database) {
        FilePath.register(new TestFilePath());
        DISKS.put(SCHEME + ":" + database + ".mv.db", disk);
        return SCHEME + ":" + database;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        TestDisk disk = DISKS.get(name);
        FileChannel file = super.open(mode);
        return disk == null ? file : disk.wrap(file);
    }
}
