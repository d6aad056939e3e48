/** An application that uses RabbitMQ, to be tested without one. */
@NullMarked
package io.leveret.samples.testing;

import org.jspecify.annotations.NullMarked;
