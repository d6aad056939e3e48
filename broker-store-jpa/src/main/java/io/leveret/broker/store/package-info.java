/** Definitions and the message journal in a database, through JPA. */
@NullMarked
package io.leveret.broker.store;

import org.jspecify.annotations.NullMarked;
