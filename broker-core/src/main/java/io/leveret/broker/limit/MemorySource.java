package io.leveret.broker.limit;

/** What the virtual machine knows about its memory, in bytes. */
interface MemorySource {

    /** What is in the heap, garbage included: never less than what lives. */
    long heapUsed();

    long heapMax();

    /** How many collections there have been that emptied the part of the heap where new objects go. */
    long collections();

    /** What the last of these collections has left in the heap, dead old objects included; 0 before the first one. */
    long heapAfterCollection();

    /** Has the whole heap collected, if that is allowed, and returns when that is done. */
    void collect();

    /** The memory outside the heap that buffers take. */
    long buffersUsed();

    long buffersMax();
}
