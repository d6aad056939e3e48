package io.leveret.broker.limit;

/** What a broker can run short of; in the order in which RabbitMQ names them to clients. */
public enum Alarm {
    DISK("disk"),
    MEMORY("memory");

    private final String resource;

    Alarm(String resource) {
        this.resource = resource;
    }

    /** The resource as RabbitMQ names it. */
    public String resource() {
        return resource;
    }

    int bit() {
        return 1 << ordinal();
    }
}
