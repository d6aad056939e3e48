/** The exchange type {@code x-delayed-message}. */
@NullMarked
package io.leveret.broker.exchange.delayed;

import org.jspecify.annotations.NullMarked;
