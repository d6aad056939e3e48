package io.leveret.broker.amqp.sasl;

import io.leveret.broker.auth.User;

/** What a response of a client came to. */
public sealed interface SaslResult {

    /** The client is this user. */
    record Authenticated(User user) implements SaslResult {}

    /**
     * The login failed.
     *
     * @param username the name the client gave, empty when it gave none
     * @param reason for the log; never to be told the client
     */
    record Refused(String username, String reason) implements SaslResult {}

    /**
     * The client has to answer {@code connection.secure}.
     *
     * @param challenge the bytes to send; the caller owns them
     */
    record Challenge(byte[] challenge) implements SaslResult {}

    /**
     * The response doesn't follow the mechanism (502 in the log; the client hears nothing).
     *
     * @param reason for the log, without any secret; never to be told the client
     */
    record Malformed(String reason) implements SaslResult {}
}
