package io.leveret.broker.vhost;

import io.leveret.broker.message.FieldTable;

/** What {@code exchange.declare} asks for. */
public record ExchangeDeclaration(
        String name, String type, boolean durable, boolean autoDelete, boolean internal, FieldTable arguments) {}
