/** The wire protocol as a client without manners sees it: single frames and bytes over a plain socket. */
@NullMarked
package io.leveret.broker.amqp.raw;

import org.jspecify.annotations.NullMarked;
