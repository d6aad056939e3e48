package io.leveret.broker.amqp.method;

/** The methods of class 20: the life of a channel. */
public sealed interface ChannelMethod extends AmqpMethod
        permits ChannelOpen, ChannelOpenOk, ChannelFlow, ChannelFlowOk, ChannelClose, ChannelCloseOk {}
