/** The broker's part of the info endpoint. */
@NullMarked
package io.leveret.broker.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
