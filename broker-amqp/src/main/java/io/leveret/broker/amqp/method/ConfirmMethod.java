package io.leveret.broker.amqp.method;

/** The methods of class 85: publisher confirms. */
public sealed interface ConfirmMethod extends AmqpMethod permits ConfirmSelect, ConfirmSelectOk {}
