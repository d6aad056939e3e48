/** Observations of what clients publish, for tracing and meters. */
@NullMarked
package io.leveret.broker.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
