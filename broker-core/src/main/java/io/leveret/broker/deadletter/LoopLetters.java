package io.leveret.broker.deadletter;

/** What a loop uses again for each dead letter. */
record LoopLetters(LetterWriter writer, CycleLog log) {}
