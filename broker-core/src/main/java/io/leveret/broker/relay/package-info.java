/** What the broker itself sends on: work lists of the loops, and how messages get from one loop to queues of another. */
@NullMarked
package io.leveret.broker.relay;

import org.jspecify.annotations.NullMarked;
