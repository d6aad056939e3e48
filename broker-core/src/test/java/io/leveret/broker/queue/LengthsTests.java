package io.leveret.broker.queue;

import static io.leveret.broker.queue.PublishResult.ACCEPTED;
import static io.leveret.broker.queue.PublishResult.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.policy.QueuePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthsTests {
    private final RecordingTarget target = new RecordingTarget();

    @Test
    void countsTheBytesOfBodiesWithoutLimits() {
        TestQueue queue = new TestQueue();
        queue.publishAll("a", "bcd", "");
        assertThat(queue.counts()).isEqualTo(new QueueCounts(3, 0, 0, 4, 0));
        queue.get(false);
        assertThat(queue.counts()).isEqualTo(new QueueCounts(2, 1, 0, 3, 1));
        queue.get(true);
        assertThat(queue.counts()).isEqualTo(new QueueCounts(1, 1, 0, 0, 1));
    }

    @Test
    void dropsFromTheHeadWhatIsTooMany() {
        TestQueue queue = new TestQueue("x-max-length", 2, "x-dead-letter-exchange", "dlx");
        queue.publishAll("a", "b");
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.publish("c")).isEqualTo(ACCEPTED);
        queue.publish("d");
        assertThat(queue.deadLetters()).containsExactly("a maxlen", "b maxlen");
        assertThat(queue.drain()).containsExactly("c", "d");
    }

    @Test
    void dropsFromTheHeadUntilTheBytesFit() {
        TestQueue queue = new TestQueue("x-max-length-bytes", 10, "x-dead-letter-exchange", "dlx");
        queue.publishAll("aaaa", "bbbb", "cc");
        assertThat(queue.deadLetters()).isEmpty();
        queue.publish("ddddddd");
        assertThat(queue.deadLetters()).containsExactly("aaaa maxlen", "bbbb maxlen");
        queue.publish("more than ten");
        assertThat(queue.deadLetters()).endsWith("cc maxlen", "ddddddd maxlen", "more than ten maxlen");
        assertThat(queue.ready()).isZero();
    }

    @Test
    void eitherLimitTriggers() {
        TestQueue queue = new TestQueue("x-max-length", 3, "x-max-length-bytes", 5);
        queue.publishAll("a", "b", "c", "d");
        assertThat(queue.ready()).isEqualTo(3);
        queue.publish("eeee");
        assertThat(queue.drain()).containsExactly("d", "eeee");
    }

    @Test
    void unackedMessagesDoNotCount() {
        TestQueue queue = new TestQueue("x-max-length", 1);
        queue.publish("a");
        queue.get(false);
        queue.publish("b");
        assertThat(queue.counts().unacked()).isEqualTo(1);
        assertThat(queue.drain()).containsExactly("b");
    }

    @Test
    void aQueueForNothingStillHandsOnToWhoeverWaits() {
        TestQueue queue = new TestQueue("x-max-length", 0, "x-dead-letter-exchange", "dlx");
        assertThat(queue.publish("lost")).isEqualTo(ACCEPTED);
        Consumer consumer = queue.consume(target, false, 1);
        assertThat(queue.publish("a")).isEqualTo(ACCEPTED);
        queue.publish("the consumer is full");
        queue.settle(consumer, target.messages.get(0));
        assertThat(target.bodies()).containsExactly("a");
        assertThat(queue.deadLetters()).containsExactly("lost maxlen", "the consumer is full maxlen");
    }

    @Test
    void whatComesBackMayBeTooMuch() {
        TestQueue queue = new TestQueue("x-max-length", 2, "x-dead-letter-exchange", "dlx");
        queue.publishAll("a", "b");
        GetResult a = queue.get(false);
        queue.publish("c");
        queue.giveBack(a);
        assertThat(queue.deadLetters()).containsExactly("a maxlen");
        assertThat(queue.drain()).containsExactly("b", "c");
    }

    @Test
    void whatComesBackToAQueueForNothingIsDroppedEvenIfSomebodyWaits() {
        TestQueue queue = new TestQueue("x-max-length", 0);
        Consumer consumer = queue.consume(target, false, 0);
        queue.publish("a");
        queue.on(owned -> {
            owned.onRequeue(consumer, target.messages.get(0), target.positions.get(0), true);
            owned.onRequeued();
            return true;
        });
        assertThat(target.bodies()).containsExactly("a");
        assertThat(queue.heldBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject-publish", "reject-publish-dlx"})
    void refusesWhatWouldBeTooMany(String overflow) {
        TestQueue queue = new TestQueue("x-max-length", 2, "x-overflow", overflow);
        assertThat(queue.publish("a")).isEqualTo(ACCEPTED);
        assertThat(queue.publish("b")).isEqualTo(ACCEPTED);
        assertThat(queue.publish("c")).isEqualTo(REJECTED);
        queue.get(true);
        assertThat(queue.publish("d")).isEqualTo(ACCEPTED);
        assertThat(queue.drain()).containsExactly("b", "d");
    }

    @Test
    void refusesWhatWouldBeTooManyBytes() {
        TestQueue queue = new TestQueue("x-max-length-bytes", 10, "x-overflow", "reject-publish");
        assertThat(queue.publish("aaaa")).isEqualTo(ACCEPTED);
        assertThat(queue.publish("bbbbbbb")).isEqualTo(REJECTED);
        assertThat(queue.publish("cccccc")).isEqualTo(ACCEPTED);
        assertThat(queue.publish("d")).isEqualTo(REJECTED);
        assertThat(queue.publish("")).as("it needs no room").isEqualTo(ACCEPTED);
    }

    @Test
    void aQueueForNothingRefusesEvenIfSomebodyWaits() {
        TestQueue queue = new TestQueue("x-max-length", 0, "x-overflow", "reject-publish");
        queue.consume(target, false, 0);
        assertThat(queue.publish("a")).isEqualTo(REJECTED);
        assertThat(target.messages).isEmpty();
    }

    @Test
    void deadLettersWhatItRefusesOnlyWhenToldTo() {
        TestQueue silent =
                new TestQueue("x-max-length", 1, "x-overflow", "reject-publish", "x-dead-letter-exchange", "dlx");
        silent.publishAll("a", "b");
        assertThat(silent.deadLetters()).isEmpty();
        TestQueue queue =
                new TestQueue("x-max-length", 1, "x-overflow", "reject-publish-dlx", "x-dead-letter-exchange", "dlx");
        queue.publishAll("a", "b");
        assertThat(queue.deadLetters()).containsExactly("b maxlen");
        assertThat(queue.drain()).containsExactly("a");
    }

    @Test
    void aQueueThatRefusesKeepsWhatComesBack() {
        TestQueue queue = new TestQueue("x-max-length", 1, "x-overflow", "reject-publish");
        queue.publish("a");
        GetResult a = queue.get(false);
        queue.publish("b");
        queue.giveBack(a);
        assertThat(queue.drain()).containsExactly("a", "b");
    }

    @Test
    void aPolicyAppliesAtOnceAndIsUndoneAtOnce() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx");
        queue.publishAll("a", "b", "c");
        queue.policy(new QueuePolicy("p", null, -1, -1, null, null, 2, -1, null));
        assertThat(queue.deadLetters()).containsExactly("a maxlen");
        queue.policy(new QueuePolicy("p", null, -1, -1, null, null, -1, 1, null));
        assertThat(queue.deadLetters()).containsExactly("a maxlen", "b maxlen");
        queue.policy(new QueuePolicy("p", null, -1, -1, null, null, 0, -1, "reject-publish"));
        assertThat(queue.publish("d")).isEqualTo(REJECTED);
        assertThat(queue.ready()).as("only drop-head looks at what is there").isEqualTo(1);
        queue.policy(QueuePolicy.NONE);
        assertThat(queue.publish("d")).isEqualTo(ACCEPTED);
        assertThat(queue.drain()).containsExactly("c", "d");
    }

    @Test
    void theDeadLetterExchangeOfTheMomentCounts() {
        TestQueue queue = new TestQueue("x-max-length", 0);
        queue.publish("dropped");
        queue.policy(new QueuePolicy("p", null, -1, -1, "one", "key", -1, -1, null));
        queue.publish("kept");
        assertThat(queue.host.deadLetters).hasSize(1);
        assertThat(queue.host.deadLetters.get(0).to()).isEqualTo(new DeadLettering("one", "key"));
        assertThat(queue.host.deadLetters.get(0).queue()).isSameAs(queue.ref);
    }
}
