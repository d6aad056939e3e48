package io.leveret.broker.vhost;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.policy.Policies;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.policy.QueuePolicy;
import io.leveret.broker.queue.QueueRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The policies of a virtual host and what they do to its queues and exchanges. Changed by the writer; {@link #current} may
 * be read by any thread.
 *
 * <p>A change costs the writer a look at each name with the patterns that come and go; the rest is done for things whose
 * name is found, and a queue's loop hears of it only if something is different for the queue.
 */
final class VirtualHostPolicies {
    private volatile Policies current = Policies.NONE;
    private boolean rerouted;

    Policies current() {
        return current;
    }

    /**
     * Has other policies from now on.
     *
     * @param touched those that came, changed or went, in all their versions
     * @return completes when all the queues go by them
     */
    CompletableFuture<Void> change(
            Policies changed, List<Policy> touched, Collection<QueueRef> queues, Collection<Exchange> exchanges) {
        current = changed;
        rerouted = false;
        for (Exchange exchange : exchanges) {
            if (isTouched(exchange.name(), touched)) {
                rerouted |= applyTo(exchange);
            }
        }
        // a loop does one thing after the other: when it has done the last, it has done all
        Map<EventLoop, CompletableFuture<Boolean>> last = new HashMap<>();
        for (QueueRef queue : queues) {
            if (isTouched(queue.name(), touched)) {
                QueuePolicy now = changed.ofClassicQueue(queue.name());
                if (!now.equals(queue.policy())) {
                    last.put(queue.loop(), queue.applyPolicy(now));
                }
            }
        }
        return CompletableFuture.allOf(last.values().toArray(CompletableFuture[]::new));
    }

    /** Whether messages may go another way since the last change. */
    boolean hasRerouted() {
        return rerouted;
    }

    private static boolean isTouched(String name, List<Policy> touched) {
        for (int i = 0; i < touched.size(); i++) {
            if (touched.get(i).isFoundIn(name)) {
                return true;
            }
        }
        return false;
    }

    /** Puts an exchange under the policy that matches it; returns whether that changes anything. */
    boolean applyTo(Exchange exchange) {
        return exchange.applyAlternateExchange(current.alternateExchange(exchange.name()));
    }
}
