/** What the starter for tests adds to an application context. */
@NullMarked
package io.leveret.broker.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
