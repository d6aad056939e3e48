package io.leveret.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.Messages;
import org.junit.jupiter.api.Test;

class ConsumersTests {
    private final Consumers consumers = new Consumers();

    @Test
    void servesEqualsInTurn() {
        Consumer a = add(0, 100);
        Consumer b = add(0, 100);
        Consumer c = add(0, 100);

        assertThat(consumers.next()).isSameAs(a);
        assertThat(consumers.next()).isSameAs(b);
        assertThat(consumers.next()).isSameAs(c);
        assertThat(consumers.next()).isSameAs(a);
    }

    @Test
    void servesTheHigherPriorityAsLongAsItCanTake() {
        Consumer low = add(-1, 100);
        Consumer high = add(5, 2);

        offer(consumers.next(), high);
        offer(consumers.next(), high);
        offer(consumers.next(), low);

        high.addCredit(1);
        consumers.wake(high);
        offer(consumers.next(), high);
        offer(consumers.next(), low);
    }

    @Test
    void leavesOutWhoHasNoCredit() {
        Consumer without = add(0, 0);
        Consumer with = add(0, 100);

        assertThat(consumers.next()).isSameAs(with);
        assertThat(consumers.next()).isSameAs(with);

        without.addCredit(1);
        consumers.wake(without);
        assertThat(consumers.next()).isSameAs(with);
        assertThat(consumers.next()).isSameAs(without);
    }

    @Test
    void wakingTwiceGivesOneTurn() {
        Consumer a = add(0, 100);
        Consumer b = add(0, 100);
        consumers.wake(a);
        consumers.wake(a);

        assertThat(consumers.next()).isSameAs(a);
        assertThat(consumers.next()).isSameAs(b);
        assertThat(consumers.next()).isSameAs(a);
    }

    @Test
    void wakingWhoCanNotTakeChangesNothing() {
        Consumer full = add(0, 0);
        consumers.wake(full);
        assertThat(consumers.next()).isNull();
    }

    @Test
    void forgetsWhoIsRemoved() {
        Consumer a = add(3, 100);
        Consumer b = add(0, 100);

        assertThat(consumers.remove(a)).isTrue();
        assertThat(consumers.remove(a)).isFalse();
        consumers.wake(a);

        assertThat(a.isGone()).isTrue();
        assertThat(consumers.size()).isEqualTo(1);
        assertThat(consumers.next()).isSameAs(b);
    }

    @Test
    void isExclusiveAsLongAsTheExclusiveConsumerIsThere() {
        Consumer exclusive = new Consumer(new RecordingTarget(), false, true, 0, 0, null);
        consumers.add(exclusive);
        assertThat(consumers.hasExclusive()).isTrue();
        consumers.remove(exclusive);
        assertThat(consumers.hasExclusive()).isFalse();
    }

    @Test
    void tellsEveryConsumerThatTheQueueIsGone() {
        RecordingTarget first = new RecordingTarget();
        RecordingTarget second = new RecordingTarget();
        consumers.add(new Consumer(first, false, true, 0, 0, null));
        consumers.add(new Consumer(second, false, false, 7, 0, null));

        consumers.cancelAll();

        assertThat(first.cancellations).isEqualTo(1);
        assertThat(second.cancellations).isEqualTo(1);
        assertThat(consumers.isEmpty()).isTrue();
        assertThat(consumers.hasExclusive()).isFalse();
        assertThat(consumers.next()).isNull();
    }

    private Consumer add(int priority, int credit) {
        Consumer consumer = new Consumer(new RecordingTarget(), false, false, priority, 0, null);
        consumer.addCredit(credit);
        consumers.add(consumer);
        return consumer;
    }

    private static void offer(Consumer next, Consumer expected) {
        assertThat(next).isSameAs(expected);
        assertThat(next.offer(Messages.of("m"), 0)).isTrue();
    }
}
