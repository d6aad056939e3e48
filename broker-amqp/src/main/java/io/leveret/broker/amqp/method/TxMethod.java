package io.leveret.broker.amqp.method;

/** The methods of class 90: transactions. */
public sealed interface TxMethod extends AmqpMethod
        permits TxSelect, TxSelectOk, TxCommit, TxCommitOk, TxRollback, TxRollbackOk {}
