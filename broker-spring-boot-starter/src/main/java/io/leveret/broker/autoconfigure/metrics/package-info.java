/** Meters of the broker. */
@NullMarked
package io.leveret.broker.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
