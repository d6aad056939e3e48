/** The actuator endpoint of the broker. */
@NullMarked
package io.leveret.broker.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
