/** Exchanges, bindings and how a message finds its queues. */
@NullMarked
package io.leveret.broker.exchange;

import org.jspecify.annotations.NullMarked;
