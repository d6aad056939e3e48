package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;

/**
 * The bindings of a topic exchange, as a trie of words. {@code *} stands for exactly one word, {@code #} for any
 * number; words may be empty, and the empty key has no words at all.
 *
 * <p>Matching takes nothing from the heap: words of the routing key are compared in place.
 */
final class TopicTable implements RoutingKeyTable {
    /** RabbitMQ's limit since 4.3.5; it bounds the ways in which a key can be spread over a pattern. */
    private static final int MAX_HASHES = 2;

    private static final int NO_WORDS_LEFT = -1;

    private final TopicNode root = TopicNode.root();

    @Override
    public void validate(Binding binding) {
        String pattern = binding.routingKey();
        int hashes = 0;
        for (int start = firstWord(pattern); start != NO_WORDS_LEFT; ) {
            int end = endOfWord(pattern, start);
            if (TopicNode.isHash(pattern, start, end)) {
                hashes++;
            }
            start = nextWord(pattern, end);
        }
        if (hashes > MAX_HASHES) {
            throw AmqpError.preconditionFailed("Topic binding key '" + pattern + "' uses " + hashes
                    + " '#' wildcards, at most " + MAX_HASHES + " are allowed");
        }
    }

    @Override
    public void add(Binding binding) {
        String pattern = binding.routingKey();
        TopicNode node = root;
        for (int start = firstWord(pattern); start != NO_WORDS_LEFT; ) {
            int end = endOfWord(pattern, start);
            node = node.childToAdd(pattern, start, end);
            start = nextWord(pattern, end);
        }
        node.addDestination(binding.destination());
    }

    @Override
    public void remove(Binding binding) {
        remove(root, binding, firstWord(binding.routingKey()));
    }

    private static void remove(TopicNode node, Binding binding, int start) {
        if (start == NO_WORDS_LEFT) {
            node.removeDestination(binding.destination());
            return;
        }
        String pattern = binding.routingKey();
        int end = endOfWord(pattern, start);
        TopicNode child = node.childOfPattern(pattern, start, end);
        if (child == null) {
            return;
        }
        remove(child, binding, nextWord(pattern, end));
        if (child.isEmpty()) {
            node.removeChild(child);
        }
    }

    @Override
    public void match(String routingKey, DestinationSink sink) {
        match(root, routingKey, firstWord(routingKey), sink);
    }

    private static void match(TopicNode node, String key, int start, DestinationSink sink) {
        TopicNode hash = node.hash();
        if (hash != null) {
            matchAnyRest(hash, key, start, sink);
        }
        if (start == NO_WORDS_LEFT) {
            node.giveDestinations(sink);
            return;
        }
        int end = endOfWord(key, start);
        int next = nextWord(key, end);
        TopicNode child = node.childOfWord(key, start, end);
        if (child != null) {
            match(child, key, next, sink);
        }
        TopicNode star = node.star();
        if (star != null) {
            match(star, key, next, sink);
        }
    }

    /** Goes on behind a {@code #} that has swallowed none, one, two ... and all of the words left. */
    private static void matchAnyRest(TopicNode hash, String key, int start, DestinationSink sink) {
        if (hash.isLeaf()) {
            hash.giveDestinations(sink);
            return;
        }
        int rest = start;
        while (rest != NO_WORDS_LEFT) {
            match(hash, key, rest, sink);
            rest = nextWord(key, endOfWord(key, rest));
        }
        match(hash, key, NO_WORDS_LEFT, sink);
    }

    private static int firstWord(String key) {
        return key.isEmpty() ? NO_WORDS_LEFT : 0;
    }

    private static int endOfWord(String key, int start) {
        int dot = key.indexOf('.', start);
        return dot < 0 ? key.length() : dot;
    }

    private static int nextWord(String key, int end) {
        return end == key.length() ? NO_WORDS_LEFT : end + 1;
    }
}
