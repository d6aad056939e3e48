package io.leveret.broker.amqp.method;

/** The methods of class 40: exchanges and the bindings between them. */
public sealed interface ExchangeMethod extends AmqpMethod
        permits ExchangeDeclare,
                ExchangeDeclareOk,
                ExchangeDelete,
                ExchangeDeleteOk,
                ExchangeBind,
                ExchangeBindOk,
                ExchangeUnbind,
                ExchangeUnbindOk {}
