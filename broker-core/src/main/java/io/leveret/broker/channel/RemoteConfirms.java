package io.leveret.broker.channel;

import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.loop.EventLoop;
import java.util.Arrays;

/**
 * Brings what queues of one other loop say later about the publishes of a channel to the loop of the channel. Owned by the
 * loop of the queues.
 */
final class RemoteConfirms implements EnqueueListener {
    private static final int INITIAL = 64;

    private final Channel channel;
    private final EventLoop from;
    private final EventLoop to;
    private long[] tags = new long[INITIAL];
    private boolean[] accepted = new boolean[INITIAL];
    private int size;

    RemoteConfirms(Channel channel, EventLoop from, EventLoop to) {
        this.channel = channel;
        this.from = from;
        this.to = to;
    }

    @Override
    public void onEnqueued(long tag, boolean isAccepted) {
        if (size == 0) {
            from.execute(this::send);
        } else if (size == tags.length) {
            tags = Arrays.copyOf(tags, size * 2);
            accepted = Arrays.copyOf(accepted, size * 2);
        }
        tags[size] = tag;
        accepted[size++] = isAccepted;
    }

    private void send() {
        long[] sentTags = Arrays.copyOf(tags, size);
        boolean[] sentAccepted = Arrays.copyOf(accepted, size);
        size = 0;
        to.execute(() -> {
            for (int i = 0; i < sentTags.length; i++) {
                channel.onPublishResult(sentTags[i], sentAccepted[i]);
            }
        });
    }
}
