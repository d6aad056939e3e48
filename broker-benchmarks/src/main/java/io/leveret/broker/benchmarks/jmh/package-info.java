/** Microbenchmarks of what happens to every message: codec, routing, queue. Run with {@code -prof gc} to see allocation. */
@NullMarked
package io.leveret.broker.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
