/** How tests look into a broker: what is in its queues, what was dead-lettered, what time it is. */
@NullMarked
package io.leveret.broker.test.client;

import org.jspecify.annotations.NullMarked;
