package io.leveret.broker.auth;

/** What permissions are about. */
public enum ResourceKind {
    EXCHANGE("exchange"),
    QUEUE("queue");

    private final String text;

    ResourceKind(String text) {
        this.text = text;
    }

    /** As error texts name it. */
    @Override
    public String toString() {
        return text;
    }
}
