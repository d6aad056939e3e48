package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.loop.TimerWheel;
import io.leveret.broker.policy.QueuePolicy;
import org.junit.jupiter.api.Test;

class IdleExpiryTests {
    private static final int TICK = TimerWheel.TICK_MILLIS;

    private final TestQueue queue = new TestQueue("x-expires", 1_000, "x-dead-letter-exchange", "dlx");

    @Test
    void aQueueThatNobodyUsesGoes() {
        queue.publish("a");
        queue.advance(999);
        assertThat(queue.ref.isDeleted()).isFalse();
        queue.advance(1 + TICK);
        assertThat(queue.ref.isDeleted()).isTrue();
        assertThat(queue.host.expired).containsExactly(queue.ref);
        assertThat(queue.<Integer>on(ClassicQueue::onDelete)).isEqualTo(1);
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void aQueueThatCouldNotBeDeletedIsToGoLater() {
        queue.publish("a");
        queue.advance(1_000 + TICK);
        queue.on(owned -> {
            owned.onReopen();
            return true;
        });
        assertThat(queue.ready()).isEqualTo(1);
        queue.advance(999);
        assertThat(queue.ref.isDeleted()).isFalse();
        queue.advance(1 + TICK);
        assertThat(queue.ref.isDeleted()).isTrue();
        assertThat(queue.host.expired).hasSize(2);
    }

    @Test
    void declaringAndFetchingCountAsUse() {
        queue.advance(900);
        queue.on(ClassicQueue::onDeclared);
        queue.advance(900);
        queue.get(true);
        queue.advance(900);
        assertThat(queue.ref.isDeleted()).isFalse();
        queue.advance(100 + TICK);
        assertThat(queue.ref.isDeleted()).isTrue();
    }

    @Test
    void publishingPurgingAndAskingDoNotCountAsUse() {
        queue.advance(900);
        queue.publish("a");
        queue.counts();
        queue.on(ClassicQueue::onPurge);
        queue.advance(100 + TICK);
        assertThat(queue.ref.isDeleted()).isTrue();
    }

    @Test
    void aConsumerStopsTheTimeAndItsEndBeginsItAnew() {
        Consumer first = queue.consume(new RecordingTarget(), false, 0);
        Consumer second = queue.consume(new RecordingTarget(), false, 0);
        queue.advance(10_000);
        queue.cancel(first);
        queue.advance(10_000);
        queue.cancel(second);
        queue.advance(999);
        assertThat(queue.ref.isDeleted()).isFalse();
        queue.advance(1 + TICK);
        assertThat(queue.host.expired).hasSize(1);
    }

    @Test
    void declaringAndFetchingDoNotStartTheTimeOfAQueueWithConsumers() {
        queue.consume(new RecordingTarget(), false, 0);
        queue.on(ClassicQueue::onDeclared);
        queue.get(true);
        queue.policy(new QueuePolicy("p", null, 500, -1, null, null, -1, -1, null));
        queue.advance(10_000);
        assertThat(queue.ref.isDeleted()).isFalse();
    }

    @Test
    void whatWasFetchedAndIsUnackedDoesNotKeepTheQueue() {
        queue.publish("a");
        GetResult a = queue.get(false);
        queue.advance(1_000 + TICK);
        assertThat(queue.ref.isDeleted()).isTrue();
        queue.settle(a);
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void aPolicySetsShortensAndEndsTheTime() {
        TestQueue plain = new TestQueue();
        plain.policy(new QueuePolicy("p", null, 1_000, -1, null, null, -1, -1, null));
        plain.advance(500);
        plain.policy(new QueuePolicy("p", null, 300, -1, null, null, -1, -1, null));
        plain.advance(299);
        plain.policy(QueuePolicy.NONE);
        plain.advance(100_000);
        assertThat(plain.ref.isDeleted()).isFalse();
        plain.policy(new QueuePolicy("p", null, 300, -1, null, null, -1, -1, null));
        plain.advance(300 + TICK);
        assertThat(plain.ref.isDeleted()).isTrue();
    }

    @Test
    void whoeverComesTooLateIsToldThatItIsGone() {
        queue.advance(1_000 + TICK);
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> queue.on(ClassicQueue::onDeclared))
                .withMessage("no queue 'q' in vhost '/'");
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> queue.consume(new RecordingTarget(), false, 0))
                .withMessage("no queue 'q' in vhost '/'");
    }

    @Test
    void aDeletedQueueDoesNotExpire() {
        queue.on(owned -> owned.onDelete());
        queue.advance(10_000);
        assertThat(queue.host.expired).isEmpty();
        assertThat(queue.loop.scheduled()).isZero();
    }
}
