/** AMQP 0-9-1 on Netty. */
@NullMarked
package io.leveret.broker.amqp;

import org.jspecify.annotations.NullMarked;
