package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Conditional;

/** The decisions that lead to a broker in the application. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnClass({Broker.class, AmqpServer.class})
@ConditionalOnBooleanProperty(name = "broker.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(
        type = {
            "org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails",
            "org.springframework.boot.rabbitmq.autoconfigure.RabbitConnectionDetails"
        })
@Conditional(OnEmbeddedBrokerCondition.class)
@interface ConditionalOnEmbeddedBroker {}
