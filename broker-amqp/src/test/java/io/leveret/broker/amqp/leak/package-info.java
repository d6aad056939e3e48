/** Fails a test run in which Netty found a leaked buffer. */
@NullMarked
package io.leveret.broker.amqp.leak;

import org.jspecify.annotations.NullMarked;
