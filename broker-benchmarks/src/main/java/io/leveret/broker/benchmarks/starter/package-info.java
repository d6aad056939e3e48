/** What the starter costs an application that has it; run with a class path of its own, see {@code broker-benchmarks/starter}. */
@NullMarked
package io.leveret.broker.benchmarks.starter;

import org.jspecify.annotations.NullMarked;
