/** Plain counters. */
@NullMarked
package io.leveret.broker.stats;

import org.jspecify.annotations.NullMarked;
