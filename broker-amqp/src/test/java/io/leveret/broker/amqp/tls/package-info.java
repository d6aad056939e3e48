/** AMQP over TLS, with certificates that each test makes. */
@NullMarked
package io.leveret.broker.amqp.tls;

import org.jspecify.annotations.NullMarked;
