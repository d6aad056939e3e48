package io.leveret.broker.channel;

import java.util.Arrays;

/**
 * The publisher confirms of one channel: which publishes wait for how many queues, and which answers are due. Owned by the
 * channel's loop.
 *
 * <p>Answers are gathered and sent by {@link #flush}: tags below the lowest one that is unsettled or about to be refused in a
 * single {@code basic.ack} with multiple set, the others one by one, refused ones first (RabbitMQ's rule).
 */
final class Confirms {
    private static final int ACK_DUE = 0;
    private static final int ANSWERED = -1;
    private static final int NACK_DUE = -2;
    private static final int REFUSED = 1 << 30;

    /** By tag modulo length: the queues still to answer, with a mark once one refused; or one of the three constants. */
    private int[] waiting = new int[64];

    private long nextTag = 1;
    private long settledUpTo;
    private long ackDueUpTo;
    private int acksDue;
    private long[] outOfOrder = new long[16];
    private int outOfOrderCount;
    private long[] refused = new long[4];
    private int refusedCount;

    /** The tag of the publish that comes next. */
    long nextTag() {
        return nextTag;
    }

    /**
     * Counts a publish.
     *
     * @param queues how many queues have to answer for it; with 0 it is settled at once
     */
    long published(int queues) {
        long tag = nextTag++;
        if (queues == 0 && tag == settledUpTo + 1) {
            settledUpTo = tag;
            ackDueUpTo = tag;
            acksDue++;
            return tag;
        }
        if (tag - settledUpTo > waiting.length) {
            grow();
        }
        waiting[slot(tag)] = queues;
        if (queues == 0) {
            outOfOrder = append(outOfOrder, outOfOrderCount++, tag);
        }
        return tag;
    }

    /** Takes the answer of one queue. */
    void settled(long tag, boolean accepted) {
        int slot = slot(tag);
        int state = waiting[slot] - 1;
        if (!accepted) {
            state |= REFUSED;
        }
        if ((state & ~REFUSED) != 0) {
            waiting[slot] = state;
            return;
        }
        if ((state & REFUSED) != 0) {
            refused = append(refused, refusedCount++, tag);
            waiting[slot] = NACK_DUE;
        } else {
            waiting[slot] = ACK_DUE;
            if (tag != settledUpTo + 1) {
                outOfOrder = append(outOfOrder, outOfOrderCount++, tag);
            }
        }
        advance();
    }

    boolean hasAnswers() {
        return acksDue > 0 || outOfOrderCount > 0 || refusedCount > 0;
    }

    /**
     * Sends what is due.
     *
     * @return how many publishes that confirms
     */
    int flush(ChannelOutput output) {
        int confirmed = acksDue;
        for (int i = 0; i < refusedCount; i++) {
            output.refused(refused[i]);
            waiting[slot(refused[i])] = ANSWERED;
        }
        refusedCount = 0;
        if (acksDue > 0) {
            output.confirmed(ackDueUpTo, acksDue > 1);
            acksDue = 0;
        }
        for (int i = 0; i < outOfOrderCount; i++) {
            long tag = outOfOrder[i];
            if (tag > settledUpTo) {
                output.confirmed(tag, false);
                confirmed++;
                waiting[slot(tag)] = ANSWERED;
            }
        }
        outOfOrderCount = 0;
        advance();
        return confirmed;
    }

    private void advance() {
        while (settledUpTo + 1 < nextTag) {
            int state = waiting[slot(settledUpTo + 1)];
            if (state != ACK_DUE && state != ANSWERED) {
                return;
            }
            settledUpTo++;
            if (state == ACK_DUE) {
                ackDueUpTo = settledUpTo;
                acksDue++;
            }
        }
    }

    private int slot(long tag) {
        return (int) tag & (waiting.length - 1);
    }

    private void grow() {
        int[] wider = new int[waiting.length * 2];
        for (long tag = settledUpTo + 1; tag < nextTag - 1; tag++) {
            wider[(int) tag & (wider.length - 1)] = waiting[slot(tag)];
        }
        waiting = wider;
    }

    private static long[] append(long[] list, int size, long tag) {
        long[] room = size < list.length ? list : Arrays.copyOf(list, size * 2);
        room[size] = tag;
        return room;
    }
}
