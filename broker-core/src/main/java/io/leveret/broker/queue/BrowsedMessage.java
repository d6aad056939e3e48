package io.leveret.broker.queue;

import io.leveret.broker.message.Message;

/**
 * A message that is ready and stays so.
 *
 * @param redelivered whether it has been handed out before and would come with that mark
 */
public record BrowsedMessage(Message message, boolean redelivered) {}
