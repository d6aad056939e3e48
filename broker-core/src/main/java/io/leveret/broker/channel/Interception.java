package io.leveret.broker.channel;

/** What a message interceptor does to the headers of a message that is published. */
public enum Interception {
    /** Nothing. */
    OFF,
    /** Sets what the publisher has not set. */
    IF_ABSENT,
    /** Sets it whatever the publisher has set. */
    OVERWRITE
}
