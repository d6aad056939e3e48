/** The load generator and the small AMQP 0-9-1 client it is built on, which shares no code with the broker. */
@NullMarked
package io.leveret.broker.benchmarks.load;

import org.jspecify.annotations.NullMarked;
