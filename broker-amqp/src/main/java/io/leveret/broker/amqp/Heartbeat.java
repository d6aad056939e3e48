package io.leveret.broker.amqp;

import io.leveret.broker.loop.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeats of one connection, as RabbitMQ does them: one is sent when nothing was written for half an interval; the
 * peer is given up after two intervals in a row without a byte from it. Owned by the connection's loop.
 */
final class Heartbeat implements Runnable {
    private static final int SILENT_INTERVALS = 2;

    private final EventLoop loop;
    private final AmqpConnection connection;
    private final long halfIntervalMillis;
    private EventLoop.@Nullable Timeout next;
    private int halves;
    private int silentIntervals;
    private boolean stopped;

    Heartbeat(EventLoop loop, AmqpConnection connection, int intervalSeconds) {
        this.loop = loop;
        this.connection = connection;
        this.halfIntervalMillis = intervalSeconds * 500L;
    }

    void start() {
        next = loop.schedule(this, halfIntervalMillis);
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
    }

    @Override
    public void run() {
        if (stopped) {
            return;
        }
        connection.sendHeartbeatIfSilent();
        if (++halves % 2 == 0) {
            silentIntervals = connection.heardFromPeer() ? 0 : silentIntervals + 1;
            if (silentIntervals >= SILENT_INTERVALS) {
                connection.giveUp("missed heartbeats from client");
                return;
            }
        }
        start();
    }
}
