/** A real PostgreSQL for tests. */
@NullMarked
package io.leveret.broker.store.postgres;

import org.jspecify.annotations.NullMarked;
