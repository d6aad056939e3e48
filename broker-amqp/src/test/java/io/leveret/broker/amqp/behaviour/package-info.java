/** What a RabbitMQ client observes of a broker, one class a feature; every class also runs against RabbitMQ itself. */
@NullMarked
package io.leveret.broker.amqp.behaviour;

import org.jspecify.annotations.NullMarked;
