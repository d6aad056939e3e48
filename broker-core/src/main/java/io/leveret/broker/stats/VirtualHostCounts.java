package io.leveret.broker.stats;

import io.leveret.broker.loop.EventLoop;

/** What happens to the messages of one virtual host: each loop has its own counts, whoever asks adds them up. */
public final class VirtualHostCounts {
    private final MessageCounts[] byLoop;

    /** @param loops the number of loops */
    public VirtualHostCounts(int loops) {
        byLoop = new MessageCounts[loops];
        for (int i = 0; i < loops; i++) {
            byLoop[i] = MessageCounts.ofLoop();
        }
    }

    /** Where that loop counts. */
    public MessageCounts of(EventLoop loop) {
        return byLoop[loop.index()];
    }

    /** How often it has happened so far; never less than before. Any thread, without waiting for a loop. */
    public long get(MessageEvent event) {
        long sum = 0;
        for (MessageCounts counts : byLoop) {
            sum += counts.get(event);
        }
        return sum;
    }
}
