/** The methods of AMQP 0-9-1 as values, and how they stand in a method frame. */
@NullMarked
package io.leveret.broker.amqp.method;

import org.jspecify.annotations.NullMarked;
