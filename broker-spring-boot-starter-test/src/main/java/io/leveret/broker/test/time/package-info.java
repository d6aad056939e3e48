/** A clock that stands still until a test moves it on. */
@NullMarked
package io.leveret.broker.test.time;

import org.jspecify.annotations.NullMarked;
