package io.leveret.broker.amqp;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.sasl.SaslMechanisms;
import io.leveret.broker.message.FieldTable;

/** What all connections of a listener share. */
record ServerContext(
        Broker broker,
        NettyEventLoops loops,
        AmqpServerConfig config,
        SaslMechanisms mechanisms,
        FieldTable serverProperties,
        ConnectionRegistry connections) {}
