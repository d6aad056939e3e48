package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** The outcome of every publish on a channel in confirm mode; a second outcome of one publish is remembered as fault. */
public final class Confirms {
    private final ConcurrentSkipListMap<Long, Boolean> outcomes = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListSet<Long> repeated = new ConcurrentSkipListSet<>();
    private long settled;

    private Confirms() {}

    /** Switches the channel to confirm mode. */
    public static Confirms select(Channel channel) throws IOException {
        Confirms confirms = new Confirms();
        channel.addConfirmListener(
                (tag, multiple) -> confirms.settle(tag, multiple, true),
                (tag, multiple) -> confirms.settle(tag, multiple, false));
        channel.confirmSelect();
        return confirms;
    }

    private void settle(long tag, boolean multiple, boolean ack) {
        if (!multiple) {
            put(tag, ack);
            return;
        }
        for (long each = settled + 1; each <= tag; each++) {
            outcomes.putIfAbsent(each, ack);
        }
        settled = tag;
    }

    private void put(long tag, boolean ack) {
        if (outcomes.put(tag, ack) != null) {
            repeated.add(tag);
        }
    }

    /** Waits for this many outcomes and gives them by tag: true for ack, false for nack. */
    public Map<Long, Boolean> outcomes(int count) {
        await("confirms")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> outcomes.size() >= count);
        assertThat(repeated).as("settled twice").isEmpty();
        return new TreeMap<>(outcomes);
    }

    /** Waits until the first publishes, and no more, were acked. */
    public void awaitAcked(int count) {
        Map<Long, Boolean> all = outcomes(count);
        assertThat(all).hasSize(count);
        assertThat(all.values()).containsOnly(true);
    }
}
