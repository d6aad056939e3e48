package io.leveret.broker.autoconfigure;

/** Another program listens where the broker was told to listen. */
public final class BrokerPortInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String address;
    private final int port;

    /**
     * @param address the address the broker was to bind, as text
     * @param port the port that is taken
     */
    public BrokerPortInUseException(String address, int port, Throwable cause) {
        super("port " + port + " on " + address + " is taken", cause);
        this.address = address;
        this.port = port;
    }

    /** The address the broker was to bind, as text. */
    public String address() {
        return address;
    }

    /** The port that is taken. */
    public int port() {
        return port;
    }
}
