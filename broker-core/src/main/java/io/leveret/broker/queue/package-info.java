/** Queues: what is ready, what is out, who gets the next one. */
@NullMarked
package io.leveret.broker.queue;

import org.jspecify.annotations.NullMarked;
