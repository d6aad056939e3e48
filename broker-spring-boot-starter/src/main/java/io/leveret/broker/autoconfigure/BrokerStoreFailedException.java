package io.leveret.broker.autoconfigure;

/** The database of a persistent broker can't be used; says which setting it comes from and what may help. */
public final class BrokerStoreFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String origin;
    private final String remedy;

    /**
     * @param problem what is wrong, without a full stop
     * @param origin the setting by which this database was chosen
     * @param remedy what to do about it, a sentence without its full stop
     */
    public BrokerStoreFailedException(String problem, String origin, String remedy, Throwable cause) {
        super(problem, cause);
        this.origin = origin;
        this.remedy = remedy;
    }

    /** The setting by which this database was chosen. */
    public String origin() {
        return origin;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
