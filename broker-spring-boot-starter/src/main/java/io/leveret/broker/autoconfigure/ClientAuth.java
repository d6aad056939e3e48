package io.leveret.broker.autoconfigure;

/** Whether the broker asks clients for a certificate in the TLS handshake. */
public enum ClientAuth {
    /** It does not. */
    NONE,
    /** It does, and takes clients without one; one that it does not trust ends the handshake. */
    WANT,
    /** It does, and takes nobody without one that it trusts. */
    NEED
}
