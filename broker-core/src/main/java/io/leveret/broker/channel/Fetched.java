package io.leveret.broker.channel;

import io.leveret.broker.message.Message;

/** What {@code basic.get-ok} says. */
public record Fetched(long deliveryTag, boolean redelivered, Message message, int messageCount) {}
