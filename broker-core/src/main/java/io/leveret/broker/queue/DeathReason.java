package io.leveret.broker.queue;

/** Why a message left its queue without having been consumed; the texts stand in {@code x-death}. */
public enum DeathReason {
    /** Refused by a consumer that does not want it back in the queue. */
    REJECTED("rejected"),
    /** Its time to live was over. */
    EXPIRED("expired"),
    /** It had to give way in a queue that was full, or was refused by one. */
    MAXLEN("maxlen");

    private final String text;

    DeathReason(String text) {
        this.text = text;
    }

    /** As {@code x-death} names it. */
    public String text() {
        return text;
    }
}
