package io.leveret.broker.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;

/** The lines of text in an H2 file: its two headers, and the first and the last line of each chunk. */
final class ChunkText {
    /** H2's block. */
    static final int BLOCK = 4096;
    /** How many bytes at the end of a chunk are its last line. */
    static final int FOOTER = 128;

    private static final String CHECKSUM = "crc";
    private static final int CHECKSUM_LENGTH = ",crc:01234567".length();
    private static final byte[] CHUNK_BEGINS = "chunk:".getBytes(ISO_8859_1);

    private ChunkText() {}

    static boolean beginsAsChunk(ByteBuffer bytes) {
        for (int i = 0; i < CHUNK_BEGINS.length; i++) {
            if (bytes.remaining() < CHUNK_BEGINS.length || bytes.get(bytes.position() + i) != CHUNK_BEGINS[i]) {
                return false;
            }
        }
        return true;
    }

    /** The line at a buffer's position. */
    static String line(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        int length = 0;
        while (length < rest.remaining() && rest.get(rest.position() + length) != '\n') {
            length++;
        }
        byte[] line = new byte[length];
        rest.get(line);
        return new String(line, ISO_8859_1);
    }

    static String footer(ByteBuffer chunk) {
        ByteBuffer footer = chunk.duplicate();
        footer.position(footer.limit() - FOOTER);
        return line(footer);
    }

    /** The number after a key; -1 for none. */
    static long hex(String line, String key) {
        int start = start(line, key);
        if (start < 0) {
            return -1;
        }
        start += key.length() + 1;
        int end = start;
        long value = 0;
        while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0) {
            value = value << 4 | Character.digit(line.charAt(end++), 16);
        }
        return end == start || end - start > 15 ? -1 : value;
    }

    private static int start(String line, String key) {
        if (line.startsWith(key + ":")) {
            return 0;
        }
        int comma = line.indexOf("," + key + ":");
        return comma < 0 ? -1 : comma + 1;
    }

    static boolean hasChecksum(String footer) {
        return start(footer, CHECKSUM) >= 0;
    }

    /** Whether a chunk is as it was when {@link #addChecksum} saw it; true too if it never did. */
    static boolean isIntact(ByteBuffer chunk) {
        String header = line(chunk);
        String footer = footer(chunk);
        return hex(header, "chunk") == hex(footer, "chunk")
                && hex(header, "version") == hex(footer, "version")
                && (!hasChecksum(footer) || hex(footer, CHECKSUM) == checksum(chunk));
    }

    /** Puts a checksum in the blanks of the last line, where H2 does not look. */
    static void addChecksum(ByteBuffer chunk) {
        int end = footer(chunk).stripTrailing().length();
        if (end + CHECKSUM_LENGTH < FOOTER) {
            byte[] text = String.format(",%s:%08x", CHECKSUM, checksum(chunk)).getBytes(ISO_8859_1);
            int at = chunk.limit() - FOOTER + end;
            for (int i = 0; i < text.length; i++) {
                chunk.put(at + i, text[i]);
            }
        }
    }

    /** Of all but the last line. */
    private static long checksum(ByteBuffer chunk) {
        CRC32C checksum = new CRC32C();
        ByteBuffer bytes = chunk.duplicate();
        bytes.limit(bytes.limit() - FOOTER);
        checksum.update(bytes);
        return checksum.getValue();
    }

    /** Whether a line is a header of the file as it was written. */
    static boolean isFileHeader(String line) {
        int end = line.indexOf(",fletcher:");
        return line.startsWith("H:") && end >= 0 && hex(line, "fletcher") == fletcher(line.substring(0, end));
    }

    /** A header of the file like another one, but with another chunk as its newest. */
    static ByteBuffer fileHeader(String like, long chunk, long position, long version) {
        StringBuilder header = new StringBuilder();
        for (String attribute : like.split(",", -1)) {
            String key = attribute.substring(0, attribute.indexOf(':'));
            switch (key) {
                case "block", "chunk", "version", "clean", "fletcher" -> {}
                default -> header.append(attribute).append(',');
            }
        }
        header.append("block:").append(Long.toHexString(position / BLOCK));
        header.append(",chunk:").append(Long.toHexString(chunk));
        header.append(",version:").append(Long.toHexString(version));
        long fletcher = fletcher(header.toString());
        header.append(",fletcher:").append(Long.toHexString(fletcher)).append('\n');
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        block.put(header.toString().getBytes(ISO_8859_1));
        return block.rewind();
    }

    private static long fletcher(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return DataUtils.getFletcher32(bytes, 0, bytes.length) & 0xffffffffL;
    }
}
