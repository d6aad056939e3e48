/** The exchange type {@code x-jms-topic} and the selectors that RabbitMQ's JMS client binds with. */
@NullMarked
package io.leveret.broker.exchange.jms;

import org.jspecify.annotations.NullMarked;
