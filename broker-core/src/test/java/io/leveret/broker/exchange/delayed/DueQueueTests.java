package io.leveret.broker.exchange.delayed;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.exchange.TestMessage;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueQueueTests {
    private final DueQueue queue = new DueQueue();

    private record Expected(Message message, long due, int number) {}

    private static Message message(String key) {
        return TestMessage.message("e", key, BasicProperties.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void isAlwaysInOrder(long seed) {
        Random random = new Random(seed);
        List<Expected> model = new ArrayList<>();
        Comparator<Expected> order = Comparator.comparingLong(Expected::due).thenComparingInt(Expected::number);
        for (int step = 0; step < 4_000; step++) {
            boolean growing = step / 1_000 % 2 == 0;
            if (random.nextInt(10) < (growing ? 7 : 3)) {
                Expected added = new Expected(message("k" + step), random.nextInt(50), step);
                model.add(added);
                queue.add(added.message(), added.due());
            } else {
                long now = random.nextInt(60);
                Expected first = model.stream()
                        .min(order)
                        .filter(each -> each.due() <= now)
                        .orElse(null);
                assertThat(queue.poll(now))
                        .as("seed %d, step %d", seed, step)
                        .isSameAs(first == null ? null : first.message());
                model.remove(first);
            }
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(queue.firstDueMillis())
                    .isEqualTo(model.stream().mapToLong(Expected::due).min().orElse(Long.MAX_VALUE));
        }
    }

    @Test
    void takesAMillion() {
        Message shared = message("k");
        Random random = new Random(7);
        for (int i = 0; i < 1_000_000; i++) {
            queue.add(shared, random.nextInt());
        }
        long last = Long.MIN_VALUE;
        for (int i = 0; i < 500_000; i++) {
            assertThat(queue.firstDueMillis() >= last).isTrue();
            last = queue.firstDueMillis();
            queue.poll(Long.MAX_VALUE);
        }
        assertThat(queue.removeAll()).isEqualTo(500_000L * (shared.memoryBytes() + DueQueue.BYTES_PER_MESSAGE));
        assertThat(queue.size()).isZero();
        assertThat(queue.poll(Long.MAX_VALUE)).isNull();
    }
}
