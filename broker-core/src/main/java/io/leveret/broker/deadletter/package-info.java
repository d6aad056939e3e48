/** What becomes of messages that died in a queue: where they go and what their headers tell about it. */
@NullMarked
package io.leveret.broker.deadletter;

import org.jspecify.annotations.NullMarked;
