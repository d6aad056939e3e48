/** RabbitMQ's definitions files. */
@NullMarked
package io.leveret.broker.definition.json;

import org.jspecify.annotations.NullMarked;
