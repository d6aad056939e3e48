/** Programs that fill a broker with many of one thing and report how long that took and what it weighs. */
@NullMarked
package io.leveret.broker.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
