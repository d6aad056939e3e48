package io.leveret.broker.autoconfigure;

/** Another program listens where the broker was told to listen. */
public final class BrokerPortInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String address;
    private final int port;

    /**
     * @param property the name of the property that has the port
     * @param address the address the broker was to bind, as text
     * @param port the port that is taken
     */
    public BrokerPortInUseException(String property, String address, int port, Throwable cause) {
        super("port " + port + " on " + address + " is taken", cause);
        this.property = property;
        this.address = address;
        this.port = port;
    }

    /** The name of the property that has the port, {@code broker.port} or {@code broker.ssl.port}. */
    public String property() {
        return property;
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
