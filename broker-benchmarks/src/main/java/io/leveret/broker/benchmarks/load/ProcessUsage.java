package io.leveret.broker.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process and its descendants have used, from Linux's /proc.
 *
 * @param cpuSeconds user and system time since their start
 * @param residentBytes the memory they hold now (VmRSS)
 * @param peakResidentBytes the sum of the most that each has held (VmHWM)
 */
public record ProcessUsage(double cpuSeconds, long residentBytes, long peakResidentBytes) {
    /** Linux reports CPU time to user space in this unit on every platform there is a JVM for. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern HEAP_USED = Pattern.compile(" used (\\d+)K");

    /**
     * Reads it for a process tree. Descendants that end meanwhile are left out.
     *
     * @throws IOException when the process itself is gone
     */
    public static ProcessUsage of(long pid) throws IOException {
        ProcessUsage sum = ofOne(pid);
        long[] descendants = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(ProcessHandle::pid)
                .toArray();
        for (long each : descendants) {
            if (Files.exists(Path.of("/proc", Long.toString(each)))) {
                sum = sum.plus(ofOne(each));
            }
        }
        return sum;
    }

    /**
     * The bytes in use on the heap of a JVM after a full collection, through {@code jcmd}.
     *
     * @return the bytes, or -1 when the process is no JVM that jcmd can talk to
     */
    public static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        if (jcmd(pid, "GC.run").isEmpty()) {
            return -1;
        }
        Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
        return used.find() ? Long.parseLong(used.group(1)) * 1024 : -1;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return "";
        }
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0 ? output : "";
    }

    private static ProcessUsage ofOne(long pid) throws IOException {
        Path folder = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        String status = Files.readString(folder.resolve("status"), StandardCharsets.ISO_8859_1);
        return new ProcessUsage(ticks / TICKS_PER_SECOND, bytes(RESIDENT, status), bytes(PEAK, status));
    }

    private static long bytes(Pattern pattern, String status) {
        Matcher matcher = pattern.matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
    }

    private ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(
                cpuSeconds + other.cpuSeconds,
                residentBytes + other.residentBytes,
                peakResidentBytes + other.peakResidentBytes);
    }
}
