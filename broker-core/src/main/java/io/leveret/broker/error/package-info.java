/** The error model of AMQP 0-9-1 as RabbitMQ speaks it. */
@NullMarked
package io.leveret.broker.error;

import org.jspecify.annotations.NullMarked;
