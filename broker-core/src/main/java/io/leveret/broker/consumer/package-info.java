/** Consumers: who takes from a queue and how much they may hold. */
@NullMarked
package io.leveret.broker.consumer;

import org.jspecify.annotations.NullMarked;
