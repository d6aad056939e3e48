package io.leveret.broker.benchmarks.starter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Durations of one thing, as a row of a table in Markdown. */
final class Samples {
    private final List<Double> millis = new ArrayList<>();

    void add(double sample) {
        millis.add(sample);
    }

    void addSince(long startNanos) {
        add((System.nanoTime() - startNanos) / 1e6);
    }

    double median() {
        List<Double> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    String row(String what) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.1f | %.1f | %.1f |",
                what,
                millis.size(),
                Collections.min(millis),
                median(),
                Collections.max(millis));
    }
}
