package io.leveret.broker.amqp.behaviour;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Marks behaviour of RabbitMQ that ours refuses with 540 NOT_IMPLEMENTED so far: it is tested against RabbitMQ alone. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("planned")
@EnabledIfSystemProperty(
        named = BrokerUnderTest.URI_PROPERTY,
        matches = ".+",
        disabledReason = "not implemented by the embedded broker")
public @interface Planned {}
