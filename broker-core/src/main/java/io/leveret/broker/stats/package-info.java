/** Counts what happens to messages, each loop for itself. */
@NullMarked
package io.leveret.broker.stats;

import org.jspecify.annotations.NullMarked;
