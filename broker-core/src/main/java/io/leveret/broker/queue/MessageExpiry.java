package io.leveret.broker.queue;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;
import io.leveret.broker.message.Expiration;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Until when messages may wait in a queue. Only the head can expire, as in RabbitMQ, so one timer does for all of them; it
 * is armed for the head or for an earlier one that has gone. Owned by the queue's loop.
 */
final class MessageExpiry {
    private final EventLoop loop;
    private final Runnable onTime;
    private TimerWheel.@Nullable Timer timer;
    private long armedFor = Message.NEVER;

    /** @param onTime has to look at the head */
    MessageExpiry(EventLoop loop, Runnable onTime) {
        this.loop = loop;
        this.onTime = onTime;
    }

    /**
     * A message that enters the queue, with its deadline there: the smaller time to live counts.
     *
     * @param queueTtlMillis -1 for none
     */
    Message entering(Message message, long queueTtlMillis) {
        long own = Expiration.millisOf(message);
        long ttl = own < 0 ? queueTtlMillis : queueTtlMillis < 0 ? own : Math.min(own, queueTtlMillis);
        return ttl < 0 ? message : message.expiringAt(loop.nowMillis() + ttl);
    }

    /** Has somebody look when the time of the head is over. */
    void watch(long deadline) {
        if (deadline >= armedFor) {
            return;
        }
        if (timer == null) {
            timer = loop.timers().timer(this::onTimer);
        }
        armedFor = deadline;
        timer.arm(deadline - loop.nowMillis());
    }

    void stop() {
        armedFor = Message.NEVER;
        if (timer != null) {
            timer.cancel();
        }
    }

    private void onTimer() {
        armedFor = Message.NEVER;
        onTime.run();
    }
}
