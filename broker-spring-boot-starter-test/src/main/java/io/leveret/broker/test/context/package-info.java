/** Brokers of Spring's test contexts: one for each, or one for several. */
@NullMarked
package io.leveret.broker.test.context;

import org.jspecify.annotations.NullMarked;
