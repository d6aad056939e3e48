package io.leveret.broker.exchange.jms;

import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;

/**
 * {@code x-jms-topic}: a message goes to the destinations whose binding has a selector, in the argument
 * {@code rjms_erlang_selector}, that its headers satisfy. As in RabbitMQ, keys mean nothing here: the JMS client binds this
 * exchange to a topic exchange by key, and queues to this one by selector.
 */
public final class JmsTopicType implements ExchangeType {
    @Override
    public String name() {
        return "x-jms-topic";
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new JmsTopicTable();
    }
}
