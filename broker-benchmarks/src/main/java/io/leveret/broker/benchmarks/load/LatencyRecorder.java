package io.leveret.broker.benchmarks.load;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** Gathers latencies on one event loop and hands them over to the thread that reports. */
final class LatencyRecorder {
    private static final int DIGITS = 3;
    private static final long LONGEST_MICROS = 3_600_000_000L;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(DIGITS);

    static Histogram newHistogram() {
        return new Histogram(DIGITS);
    }

    /** Owner's loop only. */
    void record(long nanos) {
        recorder.recordValue(Math.max(0, Math.min(nanos / 1000, LONGEST_MICROS)));
    }

    /** Moves what was recorded since the last call into a histogram of microseconds. One reporting thread only. */
    void drainTo(Histogram histogram) {
        histogram.add(recorder.getIntervalHistogram());
    }
}
