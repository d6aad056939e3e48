/** What Spring AMQP needs of a broker, on the starter's own or, with {@code -Dbroker.test.uri}, on any other. */
@NullMarked
package io.leveret.broker.autoconfigure.fidelity;

import org.jspecify.annotations.NullMarked;
