package io.leveret.broker.amqp;

/** How far a connection has come. The names are those that RabbitMQ's error texts print. */
enum ConnectionState {
    PROTOCOL_HEADER("handshake"),
    STARTING("starting"),
    SECURING("securing"),
    TUNING("tuning"),
    OPENING("opening"),
    RUNNING("running"),
    /** The client has asked to close; its channels are being ended. */
    CLOSING("closing"),
    /** The server has sent connection.close and waits for the answer. */
    CLOSED("closed"),
    /** Nothing is read or written any more. */
    GONE("gone");

    private final String text;

    ConnectionState(String text) {
        this.text = text;
    }

    /** Whether errors are told to the client; before, RabbitMQ says nothing about them. */
    boolean reportsErrors() {
        return compareTo(OPENING) >= 0;
    }

    /** Whether frames of the client still mean something. */
    boolean isAlive() {
        return compareTo(CLOSING) < 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
