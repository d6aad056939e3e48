/** The rows of the journal. */
@NullMarked
package io.leveret.broker.store.journal;

import org.jspecify.annotations.NullMarked;
