/** The topology that outlives a connection, and where it is kept. */
@NullMarked
package io.leveret.broker.definition;

import org.jspecify.annotations.NullMarked;
