package io.leveret.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.Messages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsumersTests {
    private final Consumers consumers = new Consumers();
    private final Consumers singleActive = new Consumers(true);

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

    @Test
    void keepsOthersOutOfExclusiveUse() {
        Consumer exclusive = new Consumer(new RecordingTarget(), false, true, 0, 0, null);
        Consumer shared = new Consumer(new RecordingTarget(), false, false, 0, 0, null);

        assertThat(consumers.keepsOut(exclusive)).isFalse();
        assertThat(singleActive.keepsOut(exclusive)).isTrue();
        assertThat(singleActive.keepsOut(shared)).isFalse();
        consumers.add(shared);
        assertThat(consumers.keepsOut(exclusive)).isTrue();
        consumers.remove(shared);
        consumers.add(exclusive);
        assertThat(consumers.keepsOut(shared)).isTrue();
    }

    @Test
    void servesOnlyTheFirstOfSingleActiveConsumers() {
        Consumer first = add(singleActive, 0, 1);
        Consumer second = add(singleActive, 9, 100);

        assertThat(first.isActive()).isTrue();
        assertThat(second.isActive()).isFalse();
        offer(singleActive.next(), first);
        singleActive.wake(second);
        assertThat(singleActive.next()).isNull();
    }

    @Test
    void singleActiveConsumerIsFollowedByPriorityThenOrder() {
        Consumer first = add(singleActive, 0, 100);
        Consumer low = add(singleActive, -1, 100);
        Consumer second = add(singleActive, 0, 100);
        Consumer third = add(singleActive, 0, 100);
        Consumer high = add(singleActive, 7, 100);

        assertThat(followers(first, high, second, third, low)).containsExactly(high, second, third, low);
    }

    private List<@Nullable Consumer> followers(Consumer... ending) {
        List<@Nullable Consumer> followers = new ArrayList<>();
        for (Consumer each : ending) {
            assertThat(each.isActive()).isTrue();
            singleActive.remove(each);
            singleActive.release(each);
            Consumer next = singleActive.next();
            if (next != null) {
                followers.add(next);
            }
        }
        return followers;
    }

    @Test
    void nobodyFollowsBeforeTheSingleActiveConsumerIsReleased() {
        Consumer first = add(singleActive, 0, 100);
        singleActive.release(first);
        assertThat(singleActive.next()).as("still there").isSameAs(first);

        singleActive.remove(first);
        Consumer late = add(singleActive, 0, 100);

        assertThat(singleActive.next()).isNull();
        singleActive.release(first);
        assertThat(singleActive.next()).isSameAs(late);
    }

    @Test
    void aWaitingConsumerThatEndsChangesNothing() {
        Consumer first = add(singleActive, 0, 100);
        Consumer waiting = add(singleActive, 0, 100);

        singleActive.remove(waiting);
        singleActive.release(waiting);

        assertThat(singleActive.next()).isSameAs(first);
        singleActive.remove(first);
        singleActive.release(first);
        assertThat(singleActive.next()).isNull();
        assertThat(add(singleActive, 0, 100).isActive()).isTrue();
    }

    private Consumer add(int priority, int credit) {
        return add(consumers, priority, credit);
    }

    private static Consumer add(Consumers to, int priority, int credit) {
        Consumer consumer = new Consumer(new RecordingTarget(), false, false, priority, 0, null);
        consumer.addCredit(credit);
        to.add(consumer);
        return consumer;
    }

    private static void offer(Consumer next, Consumer expected) {
        assertThat(next).isSameAs(expected);
        assertThat(next.offer(Messages.of("m"), 0)).isTrue();
    }
}
