package io.leveret.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.Messages;
import org.junit.jupiter.api.Test;

class ConsumerTests {
    private final RecordingTarget target = new RecordingTarget();

    @Test
    void usesOneCreditForEachMessage() {
        Consumer consumer = new Consumer(target, true, false, 0, 0, null);
        assertThat(consumer.isReady()).isFalse();
        consumer.addCredit(2);
        offer(consumer);
        assertThat(consumer.isReady()).isTrue();
        offer(consumer);
        assertThat(consumer.isReady()).isFalse();
    }

    @Test
    void isFullAtItsPrefetchUntilDeliveriesAreSettled() {
        Consumer consumer = new Consumer(target, false, false, 0, 2, null);
        consumer.addCredit(10);
        offer(consumer);
        offer(consumer);
        assertThat(consumer.isReady()).isFalse();
        consumer.settled(1);
        assertThat(consumer.isReady()).isTrue();
    }

    @Test
    void prefetchDoesNotCountWithoutAcknowledgement() {
        Consumer consumer = new Consumer(target, true, false, 0, 1, null);
        consumer.addCredit(10);
        offer(consumer);
        assertThat(consumer.isReady()).isTrue();
    }

    @Test
    void takesAPlaceInTheWindowAndMarksTheDelivery() {
        ChannelWindow window = new ChannelWindow(1, 0);
        Consumer consumer = new Consumer(target, false, false, 0, 0, window);
        consumer.addCredit(10);
        offer(consumer);
        assertThat(window.isOpen()).isFalse();
        assertThat(consumer.isReady()).isFalse();
        assertThat(Position.isWindowed(target.positions.get(0))).isTrue();
    }

    @Test
    void refusesAMessageWhenTheWindowWasClosedInBetween() {
        ChannelWindow window = new ChannelWindow(1, 0);
        Consumer consumer = new Consumer(target, false, false, 0, 1, window);
        consumer.addCredit(1);
        window.tryTake();

        assertThat(consumer.offer(Messages.of("m"), 0)).isFalse();

        assertThat(target.messages).isEmpty();
        window.release(1);
        assertThat(consumer.isReady()).as("nothing was used up").isTrue();
    }

    @Test
    void aClosedWindowHoldsConsumersWithoutAcknowledgementTooButDoesNotCountThem() {
        ChannelWindow window = new ChannelWindow(1, 0);
        Consumer consumer = new Consumer(target, true, false, 0, 0, window);
        consumer.addCredit(10);
        offer(consumer);
        assertThat(window.isOpen()).isTrue();
        assertThat(Position.isWindowed(target.positions.get(0))).isFalse();
        window.tryTake();
        assertThat(consumer.isReady()).isFalse();
    }

    @Test
    void isNeverReadyOnceItIsGone() {
        Consumer consumer = new Consumer(target, false, false, 0, 0, null);
        consumer.addCredit(10);
        consumer.markGone();
        assertThat(consumer.isReady()).isFalse();
    }

    private static void offer(Consumer consumer) {
        assertThat(consumer.isReady()).isTrue();
        assertThat(consumer.offer(Messages.of("m"), 0)).isTrue();
    }
}
