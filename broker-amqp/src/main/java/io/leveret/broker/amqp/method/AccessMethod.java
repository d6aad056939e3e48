package io.leveret.broker.amqp.method;

/** The methods of class 30: access tickets, of which nothing but the answer is left. */
public sealed interface AccessMethod extends AmqpMethod permits AccessRequest, AccessRequestOk {}
