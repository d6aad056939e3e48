/** The broker's part of the health endpoint. */
@NullMarked
package io.leveret.broker.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
