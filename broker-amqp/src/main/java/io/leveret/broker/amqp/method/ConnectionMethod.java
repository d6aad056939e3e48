package io.leveret.broker.amqp.method;

/** The methods of class 10: the connection as a whole, on channel 0. */
public sealed interface ConnectionMethod extends AmqpMethod
        permits ConnectionStart,
                ConnectionStartOk,
                ConnectionSecure,
                ConnectionSecureOk,
                ConnectionTune,
                ConnectionTuneOk,
                ConnectionOpen,
                ConnectionOpenOk,
                ConnectionClose,
                ConnectionCloseOk,
                ConnectionBlocked,
                ConnectionUnblocked,
                ConnectionUpdateSecret,
                ConnectionUpdateSecretOk {}
