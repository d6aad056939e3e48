package io.leveret.broker.channel;

import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.loop.EventLoop;
import java.util.Arrays;

/**
 * Brings what queues of one other loop say later about the publishes of a channel to the loop of the channel. Owned by the
 * loop of the queues, but for {@link #channel}.
 */
final class RemoteConfirms implements EnqueueListener {
    private static final int INITIAL = 64;
    /** More room than that is not kept. */
    private static final int MOST_KEPT = 4096;

    private static final long[] NO_TAGS = {};
    private static final boolean[] NONE_ACCEPTED = {};

    private final Channel channel;
    private final EventLoop from;
    private final EventLoop to;
    private long[] tags = NO_TAGS;
    private boolean[] accepted = NONE_ACCEPTED;
    private int size;

    RemoteConfirms(Channel channel, EventLoop from, EventLoop to) {
        this.channel = channel;
        this.from = from;
        this.to = to;
    }

    /** Whose publishes they are; for the loop of the channel. */
    Channel channel() {
        return channel;
    }

    @Override
    public void onEnqueued(long tag, boolean isAccepted) {
        if (size == 0) {
            from.execute(this::send);
        }
        if (size == tags.length) {
            int wider = Math.max(INITIAL, size * 2);
            tags = Arrays.copyOf(tags, wider);
            accepted = Arrays.copyOf(accepted, wider);
        }
        tags[size] = tag;
        accepted[size++] = isAccepted;
    }

    private void send() {
        long[] sentTags = Arrays.copyOf(tags, size);
        boolean[] sentAccepted = Arrays.copyOf(accepted, size);
        size = 0;
        if (tags.length > MOST_KEPT) {
            tags = NO_TAGS;
            accepted = NONE_ACCEPTED;
        }
        to.execute(() -> {
            for (int i = 0; i < sentTags.length; i++) {
                channel.onEnqueued(sentTags[i], sentAccepted[i]);
            }
        });
    }
}
