/** Starts the broker and both services as their users do. */
@NullMarked
package io.leveret.samples.external;

import org.jspecify.annotations.NullMarked;
