package io.leveret.broker.amqp.method;

/** The methods of class 60: messages: publishing, delivering, acknowledging. */
public sealed interface BasicMethod extends AmqpMethod
        permits BasicQos,
                BasicQosOk,
                BasicConsume,
                BasicConsumeOk,
                BasicCancel,
                BasicCancelOk,
                BasicPublish,
                BasicReturn,
                BasicDeliver,
                BasicGet,
                BasicGetOk,
                BasicGetEmpty,
                BasicAck,
                BasicReject,
                BasicRecoverAsync,
                BasicRecover,
                BasicRecoverOk,
                BasicNack {}
