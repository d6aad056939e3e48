/** Points Spring Boot's RabbitMQ client support at the embedded broker. */
@NullMarked
package io.leveret.broker.autoconfigure.rabbit;

import org.jspecify.annotations.NullMarked;
