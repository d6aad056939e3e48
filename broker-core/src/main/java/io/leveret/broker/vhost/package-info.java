/** Virtual hosts: the names of exchanges and queues, and the one writer that changes them. */
@NullMarked
package io.leveret.broker.vhost;

import org.jspecify.annotations.NullMarked;
