package io.leveret.broker.queue;

import org.jspecify.annotations.Nullable;

/**
 * Where the dead letters of a queue go.
 *
 * @param exchange the name of an exchange, which need not exist; the empty string for the default exchange
 * @param routingKey the key they are published with; null for the keys they came with
 */
public record DeadLettering(String exchange, @Nullable String routingKey) {}
