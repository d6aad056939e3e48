/** An application with a database of its own and a durable broker beside it. */
@NullMarked
package io.leveret.samples.orders;

import org.jspecify.annotations.NullMarked;
