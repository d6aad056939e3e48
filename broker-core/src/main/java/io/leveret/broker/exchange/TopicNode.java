package io.leveret.broker.exchange;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A node of the topic trie: the patterns that begin with the words on the way to it.
 *
 * <p>Written by one thread and read by any. Children are in an open-addressed hash table, so that a word of a routing
 * key is looked up without making a string of it; a child that went away leaves a tombstone until the table is rebuilt.
 */
final class TopicNode {
    private static final String STAR = "*";
    private static final String HASH = "#";
    private static final TopicNode TOMBSTONE = new TopicNode("", 0);

    private final String word;
    private final int wordHash;
    private volatile @Nullable TopicNode star;
    private volatile @Nullable TopicNode hash;
    private volatile @Nullable AtomicReferenceArray<@Nullable TopicNode> children;
    private volatile @Nullable CountedSet<Destination> destinations;
    private int liveChildren;
    /** Slots of the table that are not null: live children and tombstones. */
    private int usedSlots;

    private TopicNode(String word, int wordHash) {
        this.word = word;
        this.wordHash = wordHash;
    }

    static TopicNode root() {
        return new TopicNode("", 0);
    }

    static boolean isHash(String pattern, int start, int end) {
        return end == start + 1 && pattern.charAt(start) == '#';
    }

    private static boolean isStar(String pattern, int start, int end) {
        return end == start + 1 && pattern.charAt(start) == '*';
    }

    @Nullable TopicNode star() {
        return star;
    }

    @Nullable TopicNode hash() {
        return hash;
    }

    void giveDestinations(DestinationSink sink) {
        CountedSet<Destination> found = destinations;
        if (found != null) {
            FanoutTable.giveAll(found, sink);
        }
    }

    /** Whether no pattern goes on behind this node. */
    boolean isLeaf() {
        return star == null && hash == null && children == null;
    }

    /** Whether no pattern ends here or goes on from here. */
    boolean isEmpty() {
        return isLeaf() && destinations == null;
    }

    void addDestination(Destination destination) {
        CountedSet<Destination> known = destinations;
        if (known != null) {
            known.add(destination);
            return;
        }
        CountedSet<Destination> fresh = new CountedSet<>();
        fresh.add(destination);
        destinations = fresh;
    }

    void removeDestination(Destination destination) {
        CountedSet<Destination> known = destinations;
        if (known == null) {
            return;
        }
        known.remove(destination);
        if (known.isEmpty()) {
            destinations = null;
        }
    }

    /** The child for a word of a pattern, made if it isn't there. Writer only. */
    TopicNode childToAdd(String pattern, int start, int end) {
        TopicNode child = childOfPattern(pattern, start, end);
        if (child != null) {
            return child;
        }
        if (isStar(pattern, start, end)) {
            child = new TopicNode(STAR, 0);
            star = child;
        } else if (isHash(pattern, start, end)) {
            child = new TopicNode(HASH, 0);
            hash = child;
        } else {
            child = new TopicNode(pattern.substring(start, end), hashOf(pattern, start, end));
            insert(child);
        }
        return child;
    }

    /** The child for a word of a pattern, where the wildcards stand for themselves. */
    @Nullable TopicNode childOfPattern(String pattern, int start, int end) {
        if (isStar(pattern, start, end)) {
            return star;
        }
        if (isHash(pattern, start, end)) {
            return hash;
        }
        return childOfWord(pattern, start, end);
    }

    /** The child for a word of a routing key, wildcards apart. */
    @Nullable TopicNode childOfWord(String key, int start, int end) {
        AtomicReferenceArray<@Nullable TopicNode> table = children;
        if (table == null) {
            return null;
        }
        int wanted = hashOf(key, start, end);
        int mask = table.length() - 1;
        int length = end - start;
        for (int slot = wanted & mask; ; slot = (slot + 1) & mask) {
            TopicNode child = table.getAcquire(slot);
            if (child == null) {
                return null;
            }
            if (child.wordHash == wanted
                    && child != TOMBSTONE
                    && child.word.length() == length
                    && child.word.regionMatches(0, key, start, length)) {
                return child;
            }
        }
    }

    /** Cuts off an empty child. Writer only. */
    void removeChild(TopicNode child) {
        if (child == star) {
            star = null;
        } else if (child == hash) {
            hash = null;
        } else {
            delete(child);
        }
    }

    private void insert(TopicNode child) {
        AtomicReferenceArray<@Nullable TopicNode> table = children;
        if (table == null) {
            table = new AtomicReferenceArray<>(2);
            put(table, child);
            liveChildren = 1;
            usedSlots = 1;
            children = table;
            return;
        }
        // at most three quarters full, so that every search meets an empty slot
        if ((usedSlots + 1) * 4 > table.length() * 3) {
            table = rebuilt(table);
            put(table, child);
            liveChildren++;
            usedSlots = liveChildren;
            children = table;
            return;
        }
        put(table, child);
        liveChildren++;
        usedSlots++;
    }

    /** The live children in a table that has room for as many again. */
    private AtomicReferenceArray<@Nullable TopicNode> rebuilt(AtomicReferenceArray<@Nullable TopicNode> table) {
        int capacity = Integer.highestOneBit(Math.max(liveChildren, 1)) * 4;
        AtomicReferenceArray<@Nullable TopicNode> larger = new AtomicReferenceArray<>(capacity);
        for (int slot = 0; slot < table.length(); slot++) {
            TopicNode child = table.getPlain(slot);
            if (child != null && child != TOMBSTONE) {
                put(larger, child);
            }
        }
        return larger;
    }

    private static void put(AtomicReferenceArray<@Nullable TopicNode> table, TopicNode child) {
        int mask = table.length() - 1;
        int slot = child.wordHash & mask;
        while (table.getPlain(slot) != null) {
            slot = (slot + 1) & mask;
        }
        table.setRelease(slot, child);
    }

    private void delete(TopicNode child) {
        AtomicReferenceArray<@Nullable TopicNode> table = children;
        if (table == null) {
            return;
        }
        int mask = table.length() - 1;
        for (int slot = child.wordHash & mask; table.getPlain(slot) != null; slot = (slot + 1) & mask) {
            if (table.getPlain(slot) == child) {
                table.setRelease(slot, TOMBSTONE);
                liveChildren--;
                break;
            }
        }
        if (liveChildren == 0) {
            children = null;
            usedSlots = 0;
        }
    }

    /** FNV-1a over the characters, mixed once more because the tables take the low bits. */
    private static int hashOf(String text, int start, int end) {
        int result = 0x811C9DC5;
        for (int i = start; i < end; i++) {
            result = (result ^ text.charAt(i)) * 0x01000193;
        }
        return result ^ (result >>> 15);
    }
}
