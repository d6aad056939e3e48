/** Starts a broker inside a Spring Boot application and tells it where the broker listens. */
@NullMarked
package io.leveret.broker.autoconfigure;

import org.jspecify.annotations.NullMarked;
