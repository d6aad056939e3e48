package io.leveret.broker.amqp.sasl;

/** One login in progress; owned by the connection's event loop. */
public interface SaslMechanism {

    /** The name as in {@code connection.start}. */
    String name();

    /** Takes the response of {@code connection.start-ok}. Called once, first. */
    SaslResult start(byte[] response);

    /** Takes the response of {@code connection.secure-ok}. Called after each {@link SaslResult.Challenge}. */
    default SaslResult secureOk(byte[] response) {
        return new SaslResult.Malformed(name() + " has one step only");
    }
}
