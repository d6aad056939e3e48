package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.DeliveryTarget;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.loop.ManualEventLoop;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClassicQueueTests {
    private final ManualEventLoop loop = new ManualEventLoops(1).get(0);
    private final RecordingTarget target = new RecordingTarget();

    @Test
    void refusesToBeTouchedFromElsewhere() {
        QueueRef ref = queue(false);
        ClassicQueue queue = loop.call(ref::owned);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(ref::owned);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> queue.onEnqueue(Messages.of("m")));
    }

    @Test
    void givesOutInTheOrderOfArrival() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c");
            Consumer consumer = consume(queue, false, 0, 100);
            enqueue(queue, "d");
            assertThat(target.bodies()).containsExactly("a", "b", "c", "d");
            assertThat(consumer.isGone()).isFalse();
            assertCounts(queue, 0, 4, 1);
        });
    }

    @Test
    void givesNothingBeforeCreditIsGranted() {
        onQueue(queue -> {
            enqueue(queue, "a");
            Consumer consumer = new Consumer(target, false, false, 0, 0, null);
            queue.onConsume(consumer);
            enqueue(queue, "b");
            assertThat(target.messages).isEmpty();
            queue.onCredit(consumer, 1);
            assertThat(target.bodies()).containsExactly("a");
            queue.onCredit(consumer, 5);
            assertThat(target.bodies()).containsExactly("a", "b");
        });
    }

    @Test
    void putsWhatComesBackInItsOldPlace() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c", "d");
            Consumer consumer = consume(queue, false, 3, 100);
            assertThat(target.bodies()).containsExactly("a", "b", "c");
            queue.onRequeue(consumer, target.messages.get(2), Position.redelivered(target.positions.get(2)), true);
            queue.onRequeue(consumer, target.messages.get(0), Position.redelivered(target.positions.get(0)), true);
            queue.onRequeued();
            assertThat(target.bodies()).containsExactly("a", "b", "c", "a", "c");
            settle(queue, consumer, 1);
            assertThat(target.bodies()).containsExactly("a", "b", "c", "a", "c", "d");
            assertThat(target.positions.stream().map(Position::isRedelivered))
                    .containsExactly(false, false, false, true, true, false);
        });
    }

    @Test
    void aMessageNeverShownToAClientComesBackWithoutTheMark() {
        onQueue(queue -> {
            enqueue(queue, "a");
            Consumer consumer = consume(queue, false, 0, 1);
            queue.onRequeue(consumer, target.messages.get(0), target.positions.get(0), true);
            queue.onRequeued();
            GetResult got = queue.onGet(true);
            assertThat(got).isNotNull();
            assertThat(Position.isRedelivered(got.position())).isFalse();
        });
    }

    @Test
    void stopsAtThePrefetchOfEachConsumer() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c", "d", "e");
            Consumer first = consume(queue, false, 2, 100);
            RecordingTarget other = new RecordingTarget();
            Consumer second = new Consumer(other, false, false, 0, 1, null);
            queue.onConsume(second);
            queue.onCredit(second, 100);
            assertThat(target.bodies()).containsExactly("a", "b");
            assertThat(other.bodies()).containsExactly("c");
            settle(queue, first, 2);
            assertThat(target.bodies()).containsExactly("a", "b", "d", "e");
            assertCounts(queue, 0, 3, 2);
        });
    }

    @Test
    void countsNothingAsUnackedWithoutAcknowledgement() {
        onQueue(queue -> {
            enqueue(queue, "a", "b");
            Consumer consumer = consume(queue, true, 1, 1);
            assertCounts(queue, 1, 0, 1);
            queue.onCredit(consumer, 1);
            assertCounts(queue, 0, 0, 1);
        });
    }

    @Test
    void takesBackFromAConsumerWithoutAcknowledgementWithoutCounting() {
        onQueue(queue -> {
            enqueue(queue, "a");
            Consumer consumer = consume(queue, true, 0, 1);
            queue.onRequeue(consumer, target.messages.get(0), target.positions.get(0), false);
            queue.onRequeued();
            assertCounts(queue, 1, 0, 1);
        });
    }

    @Test
    void sharesBetweenReadyConsumersInTurn() {
        onQueue(queue -> {
            consume(queue, false, 0, 100);
            RecordingTarget other = new RecordingTarget();
            Consumer second = new Consumer(other, false, false, 0, 0, null);
            queue.onConsume(second);
            queue.onCredit(second, 100);
            enqueue(queue, "a", "b", "c", "d");
            assertThat(target.bodies()).containsExactly("a", "c");
            assertThat(other.bodies()).containsExactly("b", "d");
        });
    }

    @Test
    void refusesAnybodyBesideAnExclusiveConsumer() {
        onQueue(queue -> {
            Consumer exclusive = new Consumer(target, false, true, 0, 0, null);
            queue.onConsume(exclusive);
            assertRefused(
                    () -> queue.onConsume(new Consumer(target, false, false, 0, 0, null)),
                    ReplyCode.ACCESS_REFUSED,
                    "queue 'q' in vhost '/' in exclusive use");
            queue.onCancel(exclusive);
            queue.onConsume(new Consumer(target, false, false, 0, 0, null));
            assertRefused(
                    () -> queue.onConsume(new Consumer(target, false, true, 0, 0, null)),
                    ReplyCode.ACCESS_REFUSED,
                    "queue 'q' in vhost '/' in exclusive use");
            assertCounts(queue, 0, 0, 1);
        });
    }

    @Test
    void givesNothingToACancelledConsumer() {
        onQueue(queue -> {
            Consumer consumer = consume(queue, false, 0, 100);
            assertThat(queue.onCancel(consumer)).isFalse();
            enqueue(queue, "a");
            queue.onCredit(consumer, 5);
            settle(queue, consumer, 0);
            assertThat(target.messages).isEmpty();
            assertCounts(queue, 1, 0, 0);
        });
    }

    @Test
    void keepsTheUnackedOfACancelledConsumerCounted() {
        onQueue(queue -> {
            enqueue(queue, "a", "b");
            Consumer consumer = consume(queue, false, 0, 100);
            queue.onCancel(consumer);
            assertCounts(queue, 0, 2, 0);
            settle(queue, consumer, 1);
            queue.onRequeue(consumer, target.messages.get(1), target.positions.get(1), true);
            queue.onRequeued();
            assertCounts(queue, 1, 0, 0);
        });
    }

    @Test
    void anAutoDeleteQueueGoesWithItsLastConsumer() {
        QueueRef ref = queue(true);
        loop.run(() -> {
            ClassicQueue queue = ref.owned();
            Consumer first = consume(queue, false, 0, 1);
            Consumer second = new Consumer(target, false, false, 0, 0, null);
            queue.onConsume(second);
            enqueue(queue, "a", "b");
            assertThat(queue.onCancel(first)).isFalse();
            assertThat(queue.onCancel(second)).isTrue();
            assertThat(ref.isDeleted()).isTrue();
            assertThat(ref.isGone()).isFalse();
            assertCounts(queue, 1, 1, 0);
            assertThat(queue.onDelete()).isEqualTo(1);
            assertThat(ref.isGone()).isTrue();
            assertCounts(queue, 0, 1, 0);
        });
    }

    @Test
    void aClosedQueueIsGoneForNewUsersAndGoesOnForOldOnes() {
        onQueue(queue -> {
            Consumer consumer = new Consumer(target, false, false, 0, 0, null);
            queue.onConsume(consumer);
            queue.onClose(false, true);
            enqueue(queue, "a", "b");
            queue.onCredit(consumer, 1);
            assertThat(target.bodies()).containsExactly("a");
            assertRefused(() -> queue.onGet(true), ReplyCode.NOT_FOUND, "no queue 'q' in vhost '/'");
            assertRefused(queue::onDeclared, ReplyCode.NOT_FOUND, "no queue 'q' in vhost '/'");
            assertRefused(
                    () -> queue.onConsume(new Consumer(target, false, false, 0, 0, null)),
                    ReplyCode.NOT_FOUND,
                    "no queue 'q' in vhost '/'");
            assertCounts(queue, 1, 1, 1);
        });
    }

    @Test
    void aQueueThatIsOpenAgainHasEverything() {
        QueueRef ref = queue(true);
        loop.run(() -> {
            ClassicQueue queue = ref.owned();
            Consumer first = consume(queue, false, 0, 1);
            enqueue(queue, "a", "b");
            assertThat(queue.onCancel(first)).isTrue();
            enqueue(queue, "c");
            queue.onReopen();
            assertThat(ref.isDeleted()).isFalse();
            assertCounts(queue, 2, 1, 0);
            Consumer second = consume(queue, false, 0, 1);
            assertThat(queue.onCancel(second)).isTrue();
            queue.onDelete();
            queue.onReopen();
            assertThat(ref.isDeleted()).as("what is gone stays gone").isTrue();
        });
    }

    @Test
    void anAutoDeleteQueueThatNeverHadAConsumerStays() {
        QueueRef ref = queue(true);
        loop.run(() -> {
            ClassicQueue queue = ref.owned();
            enqueue(queue, "a");
            queue.onGet(true);
            queue.onCancel(new Consumer(target, false, false, 0, 0, null));
            assertThat(ref.isDeleted()).isFalse();
        });
    }

    @Test
    void getTakesReturnedMessagesFirstAndTellsWhatIsLeft() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c");
            GetResult a = queue.onGet(false);
            GetResult b = queue.onGet(false);
            assertThat(a.remaining()).isEqualTo(2);
            assertThat(b.remaining()).isEqualTo(1);
            queue.onRequeue(null, b.message(), Position.redelivered(b.position()), true);
            queue.onRequeue(null, a.message(), Position.redelivered(a.position()), true);
            queue.onRequeued();
            GetResult again = queue.onGet(true);
            assertThat(Messages.body(again.message())).isEqualTo("a");
            assertThat(Position.isRedelivered(again.position())).isTrue();
            assertThat(again.remaining()).isEqualTo(2);
            assertCounts(queue, 2, 0, 0);
            queue.onGet(true);
            queue.onGet(true);
            assertThat(queue.onGet(true)).isNull();
        });
    }

    @Test
    void purgeDropsOnlyWhatIsReady() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c");
            GetResult a = queue.onGet(false);
            GetResult b = queue.onGet(false);
            queue.onRequeue(null, b.message(), b.position(), true);
            assertThat(queue.onPurge()).isEqualTo(2);
            enqueue(queue, "d");
            queue.onRequeue(null, a.message(), a.position(), true);
            queue.onRequeued();
            assertThat(Messages.body(queue.onGet(true).message())).isEqualTo("a");
            assertThat(Messages.body(queue.onGet(true).message())).isEqualTo("d");
        });
    }

    @Test
    void deleteIfEmptyLooksAtReadyMessagesOnlyAndComesFirst() {
        onQueue(queue -> {
            enqueue(queue, "a");
            Consumer consumer = new Consumer(target, false, false, 0, 0, null);
            queue.onConsume(consumer);
            assertRefused(
                    () -> queue.onClose(true, true), ReplyCode.PRECONDITION_FAILED, "queue 'q' in vhost '/' not empty");
            queue.onCredit(consumer, 1);
            assertRefused(
                    () -> queue.onClose(true, true), ReplyCode.PRECONDITION_FAILED, "queue 'q' in vhost '/' in use");
            queue.onClose(false, true);
            assertThat(target.cancellations).isZero();
            assertThat(queue.onDelete()).isZero();
            assertThat(target.cancellations).isEqualTo(1);
        });
    }

    @Test
    void aDeletedQueueAcceptsAndForgets() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c");
            GetResult got = queue.onGet(false);
            assertThat(queue.onDelete()).isEqualTo(2);
            assertThat(queue.onEnqueue(Messages.of("x"))).isEqualTo(PublishResult.ACCEPTED);
            queue.onRequeue(null, got.message(), got.position(), true);
            queue.onRequeued();
            assertCounts(queue, 0, 0, 0);
            assertRefused(() -> queue.onGet(true), ReplyCode.NOT_FOUND, "no queue 'q' in vhost '/'");
            assertRefused(
                    () -> queue.onConsume(new Consumer(target, false, false, 0, 0, null)),
                    ReplyCode.NOT_FOUND,
                    "no queue 'q' in vhost '/'");
            queue.onClose(true, true);
            assertThat(queue.onDelete()).isZero();
        });
    }

    @Test
    void aTargetThatGivesBackWhileItIsGivenLosesNothing() {
        onQueue(queue -> {
            Consumer[] refusing = new Consumer[1];
            refusing[0] = new Consumer(
                    new GivingBack((message, position) -> {
                        queue.onRequeue(refusing[0], message, position, true);
                        queue.onRequeued();
                    }),
                    false,
                    false,
                    0,
                    0,
                    null);
            queue.onConsume(refusing[0]);
            queue.onCredit(refusing[0], 3);
            enqueue(queue, "a", "b");
            assertCounts(queue, 2, 0, 1);
            consume(queue, false, 0, 100);
            assertThat(target.bodies()).containsExactly("a", "b");
        });
    }

    @Test
    void deadLettersWhatIsRejectedInTheOrderOfRejects() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx", "x-dead-letter-routing-key", "key");
        Consumer consumer = queue.consume(target, false, 2);
        queue.publishAll("a", "b", "c");
        GetResult c = queue.get(false);
        queue.reject(consumer, target.messages.get(1));
        queue.reject(null, c.message());
        queue.reject(consumer, target.messages.get(0));
        assertThat(queue.deadLetters()).containsExactly("b rejected", "c rejected", "a rejected");
        assertThat(queue.host.deadLetters.get(0).to()).isEqualTo(new DeadLettering("dlx", "key"));
        queue.publish("d");
        assertThat(target.bodies()).as("the prefetch window is open again").endsWith("d");
        assertThat(queue.counts()).isEqualTo(new QueueCounts(0, 1, 1, 0, 1));
    }

    @Test
    void discardsWhatIsRejectedWithoutADeadLetterExchange() {
        TestQueue queue = new TestQueue();
        queue.publish("a");
        queue.reject(null, queue.get(false).message());
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0));
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void deadLettersNothingOnceItIsDeleted() {
        TestQueue queue = new TestQueue("x-dead-letter-exchange", "dlx");
        queue.publish("a");
        GetResult a = queue.get(false);
        queue.on(owned -> owned.onDelete());
        queue.reject(null, a.message());
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void holdsTheBytesOfWhatIsReadyOrUnacked() {
        TestQueue queue = new TestQueue();
        long each = Messages.of("m").memoryBytes();
        queue.publishAll("a", "b");
        assertThat(queue.heldBytes()).isEqualTo(2 * each);
        GetResult a = queue.get(false);
        assertThat(queue.heldBytes()).isEqualTo(2 * each);
        queue.get(true);
        assertThat(queue.heldBytes()).isEqualTo(each);
        queue.giveBack(a);
        assertThat(queue.heldBytes()).isEqualTo(each);
        queue.settle(queue.get(false));
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void holdsNothingThatWasHandedStraightOnWithoutAcknowledgement() {
        TestQueue queue = new TestQueue();
        Consumer consumer = queue.consume(target, true, 0);
        queue.publishAll("a", "b");
        assertThat(queue.heldBytes()).isZero();
        queue.on(owned -> {
            owned.onCancel(consumer);
            owned.onRequeue(consumer, target.messages.get(1), target.positions.get(1), false);
            owned.onRequeued();
            return true;
        });
        assertThat(queue.heldBytes()).isEqualTo(Messages.of("b").memoryBytes());
        queue.on(ClassicQueue::onPurge);
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void holdsWhatIsUnackedUntilItIsSettledThoughTheQueueIsGone() {
        TestQueue queue = new TestQueue();
        Consumer consumer = queue.consume(target, false, 2);
        queue.publishAll("a", "b", "c");
        queue.on(owned -> owned.onDelete());
        assertThat(queue.heldBytes()).isEqualTo(2L * Messages.of("a").memoryBytes());
        queue.settle(consumer, target.messages.get(0));
        queue.on(owned -> {
            owned.onRequeue(consumer, target.messages.get(1), target.positions.get(1), true);
            owned.onRequeued();
            return true;
        });
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void whatIsGivenBackWhileItIsGivenMayExpireOrBeTooMuch() {
        TestQueue queue = new TestQueue("x-max-length", 1, "x-message-ttl", 10, "x-dead-letter-exchange", "dlx");
        queue.publish("a");
        Consumer[] refusing = new Consumer[1];
        refusing[0] = new Consumer(
                new GivingBack((message, position) -> {
                    queue.publish("b");
                    queue.on(owned -> {
                        owned.onRequeue(refusing[0], message, position, true);
                        owned.onRequeued();
                        return true;
                    });
                }),
                false,
                false,
                0,
                1,
                null);
        queue.on(owned -> {
            owned.onConsume(refusing[0]);
            owned.onCredit(refusing[0], 1);
            return true;
        });
        assertThat(queue.deadLetters()).containsExactly("a maxlen");
        assertThat(queue.counts()).isEqualTo(new QueueCounts(1, 0, 1, 1, 0));
        assertThat(queue.drain()).containsExactly("b");
        assertThat(queue.heldBytes()).isZero();
    }

    @Test
    void showsWhatIsReadyAndLeavesItThere() {
        onQueue(queue -> {
            enqueue(queue, "a", "b", "c", "d");
            Consumer consumer = consume(queue, false, 3, 3);
            queue.onRequeue(consumer, target.messages.get(2), Position.redelivered(target.positions.get(2)), true);
            queue.onRequeue(consumer, target.messages.get(0), Position.redelivered(target.positions.get(0)), true);
            queue.onCancel(consumer);
            for (int look = 0; look < 2; look++) {
                assertThat(queue.onBrowse().join())
                        .extracting(seen -> Messages.body(seen.message()), BrowsedMessage::redelivered)
                        .containsExactly(tuple("a", true), tuple("c", true), tuple("d", false));
            }
            assertCounts(queue, 3, 1, 0);
            GetResult next = queue.onGet(true);
            assertThat(next.position()).isEqualTo(Position.redelivered(target.positions.get(0)));
            assertThat(Position.isRedelivered(queue.onGet(true).position())).isTrue();
            assertThat(queue.onGet(true).position()).isEqualTo(3);
        });
    }

    @Test
    void showsTheHighestPriorityFirst() {
        TestQueue queue = new TestQueue("x-max-priority", 3);
        for (int priority : List.of(1, 3, 2, 3)) {
            queue.publish(Messages.of(
                    "", "q", BasicProperties.builder().priority(priority).build(), "p" + priority));
        }
        assertThat(queue.on(owned -> owned.onBrowse()).join())
                .extracting(seen -> Messages.body(seen.message()))
                .containsExactly("p3", "p3", "p2", "p1");
    }

    private interface Refusal {
        void giveBack(Message message, long position);
    }

    private record GivingBack(Refusal refusal) implements DeliveryTarget {
        @Override
        public void deliver(Message message, long position) {
            refusal.giveBack(message, position);
        }

        @Override
        public void cancelled() {}
    }

    private QueueRef queue(boolean autoDelete) {
        return new QueueRef("/", "q", false, autoDelete, FieldTable.EMPTY, null, loop, new RecordingHost());
    }

    private void onQueue(java.util.function.Consumer<ClassicQueue> test) {
        QueueRef ref = queue(false);
        loop.run(() -> test.accept(ref.owned()));
    }

    private Consumer consume(ClassicQueue queue, boolean noAck, int prefetch, int credit) {
        Consumer consumer = new Consumer(target, noAck, false, 0, prefetch, null);
        queue.onConsume(consumer);
        queue.onCredit(consumer, credit);
        return consumer;
    }

    private static void settle(ClassicQueue queue, Consumer consumer, int deliveries) {
        queue.onSettled(
                consumer,
                deliveries,
                deliveries,
                (long) deliveries * Messages.of("m").memoryBytes());
    }

    private static void enqueue(ClassicQueue queue, String... bodies) {
        for (String body : bodies) {
            assertThat(queue.onEnqueue(Messages.of(body))).isEqualTo(PublishResult.ACCEPTED);
        }
    }

    private static void assertCounts(ClassicQueue queue, int ready, int unacked, int consumers) {
        // bodies of one byte each
        assertThat(queue.onCounts()).isEqualTo(new QueueCounts(ready, unacked, consumers, ready, unacked));
    }

    private static void assertRefused(ThrowingCallable request, ReplyCode code, String text) {
        assertThatExceptionOfType(AmqpError.class).isThrownBy(request).satisfies(error -> {
            assertThat(error.replyCode()).isEqualTo(code);
            assertThat(error.explanation()).isEqualTo(text);
        });
    }
}
