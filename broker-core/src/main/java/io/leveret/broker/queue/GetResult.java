package io.leveret.broker.queue;

import io.leveret.broker.message.Message;

/**
 * A message fetched by {@code basic.get}.
 *
 * @param position its place with the marks of {@link io.leveret.broker.consumer.Position}
 * @param remaining how many ready messages are left
 */
public record GetResult(Message message, long position, int remaining) {}
