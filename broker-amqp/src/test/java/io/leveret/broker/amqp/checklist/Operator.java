package io.leveret.broker.amqp.checklist;

import io.leveret.broker.amqp.behaviour.Accounts;
import io.leveret.broker.amqp.behaviour.CommandLineAccounts;
import io.leveret.broker.amqp.behaviour.EmbeddedAccounts;
import java.io.IOException;
import java.util.Map;

/** What is set on the broker under test beside its protocol, in the virtual host {@code /}. */
interface Operator {
    /** The operator of the broker whose users these are. */
    static Operator of(Accounts accounts) {
        if (accounts instanceof EmbeddedAccounts embedded) {
            return new EmbeddedOperator(embedded.broker());
        }
        return new CommandLineOperator((CommandLineAccounts) accounts);
    }

    /**
     * A policy for queues and exchanges.
     *
     * @param definition values are integers and strings
     */
    void putPolicy(String name, String pattern, int priority, Map<String, Object> definition) throws IOException;

    void clearPolicy(String name) throws IOException;

    void putOperatorPolicy(String name, String pattern, Map<String, Object> definition) throws IOException;

    void clearOperatorPolicy(String name) throws IOException;
}
