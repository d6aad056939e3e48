package io.leveret.broker.channel;

import io.leveret.broker.message.FieldTable;

/** What {@code basic.consume} asks for; an empty tag lets the broker choose one. */
public record ConsumeRequest(
        String queue, String consumerTag, boolean noAck, boolean exclusive, FieldTable arguments) {}
