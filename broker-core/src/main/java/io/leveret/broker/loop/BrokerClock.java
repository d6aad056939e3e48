package io.leveret.broker.loop;

/**
 * What time a broker goes by: expiry of messages and queues, delays, timeouts of consumers. Without one it is the time of the
 * machine. What the outside world waits for, such as heartbeats and handshakes, always goes by that.
 */
@FunctionalInterface
public interface BrokerClock {

    /**
     * A loop of the broker as it is with this clock. Called once for each loop when the loops start; the core sees the result
     * and nothing else.
     *
     * @param loop one that goes by the time of the machine; what is returned runs everything on it, and has its
     *     {@linkplain EventLoop#index() index}
     */
    EventLoop on(EventLoop loop);
}
