package io.leveret.broker.queue;

import static io.leveret.broker.queue.TestQueue.expiring;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.loop.TimerWheel;
import io.leveret.broker.message.Messages;
import io.leveret.broker.policy.QueuePolicy;
import org.junit.jupiter.api.Test;

class MessageExpiryTests {
    private final RecordingTarget target = new RecordingTarget();

    @Test
    void aMessageExpiresWhenItHasWaitedForTheTimeOfTheQueue() {
        TestQueue queue = new TestQueue("x-message-ttl", 100, "x-dead-letter-exchange", "dlx");
        queue.publish("a");
        queue.advance(60);
        queue.publish("b");
        queue.advance(39);
        assertThat(queue.deadLetters()).isEmpty();
        queue.advance(1 + TimerWheel.TICK_MILLIS);
        assertThat(queue.deadLetters()).containsExactly("a expired");
        queue.advance(60);
        assertThat(queue.deadLetters()).containsExactly("a expired", "b expired");
        assertThat(queue.heldBytes()).isZero();
        assertThat(queue.loop.scheduled()).isZero();
    }

    @Test
    void aMessageExpiresWhenItHasWaitedForItsOwnTime() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx");
        queue.publish(expiring("a", 50));
        queue.publish("b");
        queue.advance(50 + TimerWheel.TICK_MILLIS);
        assertThat(queue.deadLetters()).containsExactly("a expired");
        queue.advance(1_000_000);
        assertThat(queue.drain()).containsExactly("b");
    }

    @Test
    void theSmallerOfTheTwoCounts() {
        for (long[] ttls : new long[][] {{100, 50}, {50, 100}}) {
            TestQueue queue = new TestQueue("x-message-ttl", ttls[0]);
            queue.publish(expiring("a", ttls[1]));
            queue.advance(49);
            assertThat(queue.ready()).isEqualTo(1);
            queue.advance(1);
            assertThat(queue.ready()).isZero();
        }
    }

    @Test
    void theSmallerOfArgumentAndPolicyCounts() {
        TestQueue queue = new TestQueue("x-message-ttl", 100);
        queue.policy(new QueuePolicy("p", null, -1, 50, null, null, -1, -1, null));
        queue.publish("a");
        queue.advance(50);
        assertThat(queue.ready()).isZero();
        queue.policy(new QueuePolicy("p", null, -1, 500, null, null, -1, -1, null));
        queue.publish("b");
        queue.advance(100);
        assertThat(queue.ready()).isZero();
    }

    @Test
    void aChangedTimeCountsForWhatComesAfterwards() {
        TestQueue queue = new TestQueue();
        queue.publish("before");
        queue.policy(new QueuePolicy("p", null, -1, 50, null, null, -1, -1, null));
        queue.publish("during");
        queue.policy(QueuePolicy.NONE);
        queue.publish("after");
        assertThat(Messages.body(queue.get(true).message())).isEqualTo("before");
        queue.advance(50);
        assertThat(queue.drain()).containsExactly("after");
    }

    @Test
    void onlyTheHeadExpires() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx");
        queue.publish("a");
        queue.publish(expiring("b", 10));
        queue.publish(expiring("c", 0));
        queue.advance(1_000);
        assertThat(queue.ready()).isEqualTo(3);
        GetResult a = queue.get(true);
        assertThat(a.remaining()).as("the next head is gone at once").isZero();
        assertThat(queue.deadLetters()).containsExactly("b expired", "c expired");
    }

    @Test
    void isNeverFetchedOnceExpiredEvenIfTheTimerIsLate() {
        TestQueue queue = new TestQueue("x-message-ttl", 100);
        queue.publish("a");
        queue.loop.advance(100);
        assertThat(queue.get(true)).isNull();
    }

    @Test
    void isNeverDeliveredOnceExpired() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx");
        queue.publish("a");
        queue.publish(expiring("b", 100));
        queue.publish("c");
        queue.loop.advance(100);
        queue.consume(target, true, 0);
        assertThat(target.bodies()).containsExactly("a", "c");
        assertThat(queue.deadLetters()).containsExactly("b expired");
    }

    @Test
    void isNotCountedOnceExpired() {
        TestQueue queue = new TestQueue("x-message-ttl", 100);
        queue.publish("a");
        queue.loop.advance(100);
        queue.on(owned -> {
            owned.onClose(false, true);
            return true;
        });
        assertThat(queue.<Integer>on(ClassicQueue::onDelete)).isZero();
    }

    @Test
    void aTimeOfZeroIsForWhoeverTakesItRightNow() {
        TestQueue queue = new TestQueue("x-message-ttl", 0, "x-dead-letter-exchange", "dlx");
        assertThat(queue.publish("a")).isEqualTo(PublishResult.ACCEPTED);
        assertThat(queue.deadLetters()).containsExactly("a expired");
        Consumer consumer = queue.consume(target, false, 1);
        queue.publish("b");
        queue.publish("the consumer is full");
        assertThat(target.bodies()).containsExactly("b");
        assertThat(queue.deadLetters()).containsExactly("a expired", "the consumer is full expired");
        queue.settle(consumer, target.messages.get(0));
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void aMessageWithATimeOfZeroGoesToWhoeverTakesItRightNow() {
        TestQueue queue = new TestQueue();
        queue.publish(expiring("a", 0));
        assertThat(queue.ready()).isZero();
        queue.consume(target, true, 0);
        queue.publish(expiring("b", 0));
        assertThat(target.bodies()).containsExactly("b");
    }

    @Test
    void whatComesBackKeepsItsTime() {
        TestQueue queue = new TestQueue("x-message-ttl", 100, "x-dead-letter-exchange", "dlx");
        queue.publishAll("a", "b");
        GetResult a = queue.get(false);
        GetResult b = queue.get(false);
        queue.advance(90);
        queue.giveBack(b);
        assertThat(queue.ready()).isEqualTo(1);
        queue.advance(10 + TimerWheel.TICK_MILLIS);
        assertThat(queue.deadLetters()).containsExactly("b expired");
        queue.advance(1_000);
        assertThat(queue.counts().unacked())
                .as("what is unacked does not expire")
                .isEqualTo(1);
        queue.giveBack(a);
        assertThat(queue.deadLetters()).containsExactly("b expired", "a expired");
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void whatComesBackFromAConsumerThatWasHandedItStraightOnKeepsItsTime() {
        TestQueue queue = new TestQueue("x-message-ttl", 100);
        Consumer consumer = queue.consume(target, false, 0);
        queue.publish("a");
        queue.cancel(consumer);
        queue.on(owned -> {
            owned.onRequeue(consumer, target.messages.get(0), Position.redelivered(target.positions.get(0)), true);
            owned.onRequeued();
            return true;
        });
        assertThat(queue.ready()).isEqualTo(1);
        queue.advance(100 + TimerWheel.TICK_MILLIS);
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void oneTimerDoesForAllMessages() {
        TestQueue queue = new TestQueue("x-message-ttl", 60_000);
        for (int i = 0; i < 1_000; i++) {
            queue.publish("m");
            queue.advance(1);
        }
        assertThat(queue.loop.scheduled()).isEqualTo(1);
        queue.on(ClassicQueue::onPurge);
        queue.advance(60_000);
        assertThat(queue.loop.scheduled()).isZero();
        queue.publish("a");
        queue.advance(60_000 + TimerWheel.TICK_MILLIS);
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void aPolicyWithALimitUncoversAnExpiredHead() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx");
        queue.publish("a");
        queue.publish(expiring("b", 10));
        queue.publish("c");
        queue.advance(100);
        queue.policy(new QueuePolicy("p", null, -1, -1, null, null, 2, -1, null));
        assertThat(queue.deadLetters()).containsExactly("a maxlen", "b expired");
    }

    @Test
    void purgedAndDeletedMessagesAreNoDeadLetters() {
        TestQueue queue = new TestQueue("x-message-ttl", 10, "x-dead-letter-exchange", "dlx");
        queue.publish("a");
        assertThat(queue.<Integer>on(ClassicQueue::onPurge)).isEqualTo(1);
        queue.publish("b");
        assertThat(queue.<Integer>on(owned -> owned.onDelete())).isEqualTo(1);
        queue.advance(1_000);
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.heldBytes()).isZero();
    }
}
