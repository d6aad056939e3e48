/** Messages, their properties and field tables, and how they stand in bytes. */
@NullMarked
package io.leveret.broker.message;

import org.jspecify.annotations.NullMarked;
