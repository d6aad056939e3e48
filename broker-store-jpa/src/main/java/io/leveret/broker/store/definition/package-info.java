/** Definitions as rows of tables. */
@NullMarked
package io.leveret.broker.store.definition;

import org.jspecify.annotations.NullMarked;
