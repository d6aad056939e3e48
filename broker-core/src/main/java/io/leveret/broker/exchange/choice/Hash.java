package io.leveret.broker.exchange.choice;

/** A 64-bit hash of texts: the same in every process, so that keys find their queues again after a restart. */
final class Hash {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Hash() {}

    /** The hash of a text, every bit of which depends on all of it. */
    static long of(CharSequence text) {
        return mix(add(OFFSET, text));
    }

    /** Continues a hash that has not been {@link #mix mixed}; begins with 0. */
    static long add(long hash, CharSequence text) {
        long sum = hash == 0 ? OFFSET : hash;
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * PRIME;
        }
        return sum;
    }

    /** Spreads every bit over all others (the finalizer of SplitMix64). */
    static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
