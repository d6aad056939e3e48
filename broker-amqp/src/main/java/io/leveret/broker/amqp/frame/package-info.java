/** The frames that AMQP 0-9-1 is cut into on the wire. */
@NullMarked
package io.leveret.broker.amqp.frame;

import org.jspecify.annotations.NullMarked;
