package io.leveret.broker.amqp.method;

/** The methods of class 50: queues and their bindings. */
public sealed interface QueueMethod extends AmqpMethod
        permits QueueDeclare,
                QueueDeclareOk,
                QueueBind,
                QueueBindOk,
                QueuePurge,
                QueuePurgeOk,
                QueueDelete,
                QueueDeleteOk,
                QueueUnbind,
                QueueUnbindOk {}
