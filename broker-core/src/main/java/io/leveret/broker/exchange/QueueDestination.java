package io.leveret.broker.exchange;

/** A queue as routing sees it: something that a message can end in. Equality is identity. */
public non-sealed interface QueueDestination extends Destination {}
