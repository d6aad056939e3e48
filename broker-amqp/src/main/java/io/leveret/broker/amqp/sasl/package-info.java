/** How clients log in: the SASL mechanisms of AMQP 0-9-1 as RabbitMQ offers them. */
@NullMarked
package io.leveret.broker.amqp.sasl;

import org.jspecify.annotations.NullMarked;
