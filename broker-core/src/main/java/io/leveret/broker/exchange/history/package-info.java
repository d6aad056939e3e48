/** The exchange type {@code x-recent-history}. */
@NullMarked
package io.leveret.broker.exchange.history;

import org.jspecify.annotations.NullMarked;
