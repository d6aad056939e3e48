/** The protocol-neutral session of a client: deliveries outstanding, confirms, prefetch, transactions. */
@NullMarked
package io.leveret.broker.channel;

import org.jspecify.annotations.NullMarked;
