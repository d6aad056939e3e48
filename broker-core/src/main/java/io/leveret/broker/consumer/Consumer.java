package io.leveret.broker.consumer;

import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as its queue sees it: how much it may still be given. Owned by the queue's loop.
 *
 * <p>Two things limit it. <em>Credit</em> is what the connection has room for: each hand-out uses one and the connection
 * returns it once the message is on its way to the socket, so a client that does not read stops its deliveries. The
 * <em>prefetch</em> window is what the client asked for.
 */
public final class Consumer {
    private final DeliveryTarget target;
    private final boolean noAck;
    private final boolean exclusive;
    private final int priority;
    private final int prefetch;
    private @Nullable ChannelWindow window;
    private int credit;
    private int unacked;
    private boolean gone;
    /** Neither gone nor waiting for another consumer to end. */
    private boolean active = true;

    private boolean inRotation;

    /**
     * @param noAck whether a message is settled when it is handed out
     * @param prefetch how many deliveries may be unacked, 0 for any number; ignored with {@code noAck}
     * @param priority {@code x-priority}; the higher is served first
     */
    public Consumer(
            DeliveryTarget target,
            boolean noAck,
            boolean exclusive,
            int priority,
            int prefetch,
            @Nullable ChannelWindow window) {
        this.target = target;
        this.noAck = noAck;
        this.exclusive = exclusive;
        this.priority = priority;
        this.prefetch = noAck ? 0 : prefetch;
        this.window = window;
    }

    public boolean isNoAck() {
        return noAck;
    }

    public boolean isExclusive() {
        return exclusive;
    }

    public int priority() {
        return priority;
    }

    /** Whether it was cancelled or its queue is gone. */
    public boolean isGone() {
        return gone;
    }

    /** Takes it out of service; what it still holds stays its own until settled. */
    public void markGone() {
        gone = true;
        active = false;
    }

    /** Whether the queue serves it at all: false once it is gone, and while another one is the single active consumer. */
    public boolean isActive() {
        return active;
    }

    /** Makes it wait for its turn as the single active consumer, or ends the wait. */
    void setActive(boolean now) {
        active = now && !gone;
    }

    public void addCredit(int messages) {
        credit += messages;
    }

    /** Puts it under the channel-wide limit, or frees it from that. */
    public void useWindow(@Nullable ChannelWindow channelWindow) {
        window = channelWindow;
    }

    /** Whether a message can be handed to it now. Another loop may close a shared window in between. */
    boolean isReady() {
        return active && credit > 0 && (prefetch == 0 || unacked < prefetch) && (window == null || window.isOpen());
    }

    /**
     * Hands it a message unless its channel's window was closed in between.
     *
     * @return whether it took the message
     */
    public boolean offer(Message message, long position) {
        long at = position;
        if (window != null && !noAck) {
            if (!window.tryTake()) {
                return false;
            }
            at = Position.windowed(position);
        }
        credit--;
        if (!noAck) {
            unacked++;
        }
        target.deliver(message, at);
        return true;
    }

    /** Opens the prefetch window by deliveries that were settled or came back. */
    public void settled(int deliveries) {
        unacked -= deliveries;
    }

    /** Tells the client side that the queue is gone. */
    public void cancel() {
        markGone();
        target.cancelled();
    }

    boolean isInRotation() {
        return inRotation;
    }

    void inRotation(boolean in) {
        inRotation = in;
    }
}
