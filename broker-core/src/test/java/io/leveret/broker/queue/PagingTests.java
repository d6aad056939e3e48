package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.TimerWheel;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.Message;
import io.leveret.broker.policy.QueuePolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagingTests {
    private static final int MANY = 3_000;
    private static final JournalException GONE = new JournalException("the store is gone", null);

    private @Nullable PagedQueue opened;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private PagedQueue open(PagedQueue queue) {
        opened = queue;
        return queue;
    }

    /** One with many messages, all on disk alone. */
    private PagedQueue pagedOut(Object... arguments) {
        PagedQueue paged = open(PagedQueue.with(arguments));
        paged.publish(0, MANY);
        paged.awaitPagedOut();
        return paged;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void bodiesLeaveTheMemoryAndComeBackInOrder() {
        PagedQueue paged = pagedOut();
        assertThat(paged.held.get()).isEqualTo(MANY * (long) Chunk.INDEX_BYTES);
        assertThat(paged.queue.counts().readyBytes()).isGreaterThan(MANY * 1_000L);
        assertThat(paged.drain()).isEqualTo(numbers(0, MANY));
        assertThat(paged.held.get()).isZero();
    }

    @Test
    void whatIsOnDiskIsShownInOrderAndStaysThere() {
        PagedQueue paged = pagedOut();
        List<BrowsedMessage> shown = paged.loops.await(paged.queue.on(ClassicQueue::onBrowse));
        assertThat(shown.stream().map(seen -> PagedQueue.number(seen.message())))
                .containsExactlyElementsOf(numbers(0, MANY));
        assertThat(shown).noneMatch(BrowsedMessage::redelivered);
        assertThat(paged.held.get()).isEqualTo(MANY * (long) Chunk.INDEX_BYTES);
        assertThat(paged.drain()).isEqualTo(numbers(0, MANY));
    }

    @Test
    void whatIsShownAfterARestartHasTheMarkItIsDeliveredWith() {
        PagedQueue before = open(PagedQueue.with());
        before.publish(0, 10);
        PagedQueue after = open(before.restarted());
        after.publish(10, 12);
        List<BrowsedMessage> shown = after.loops.await(after.queue.on(ClassicQueue::onBrowse));
        assertThat(shown.stream().map(seen -> PagedQueue.number(seen.message())))
                .containsExactlyElementsOf(numbers(0, 12));
        for (BrowsedMessage each : shown) {
            GetResult got = after.fetch(true);
            assertThat(got).isNotNull();
            assertThat(each.redelivered()).isEqualTo(Position.isRedelivered(got.position()));
        }
        assertThat(shown.get(0).redelivered()).isTrue();
        assertThat(shown.get(11).redelivered()).isFalse();
    }

    @Test
    void nothingLeavesTheMemoryWhileThereIsRoom() {
        PagedQueue paged =
                open(new PagedQueue(new InMemoryMessageJournal(), Long.MAX_VALUE, Long.MAX_VALUE, PagedQueue.ID));
        paged.publish(0, MANY);
        paged.await(() ->
                assertThat(JournalContents.entries(paged.store, PagedQueue.ID)).isEqualTo(MANY));
        paged.queue.advance(10_000);
        assertThat(paged.held.get()).isGreaterThan(MANY * 1_000L);
        assertThat(paged.drain()).isEqualTo(numbers(0, MANY));
        assertThat(paged.store.reads()).isZero();
    }

    @Test
    void whatIsNotStoredYetStays() {
        PagedQueue paged = open(PagedQueue.with());
        paged.store.blockCommits();
        paged.publish(0, MANY);
        paged.queue.advance(1_000);
        assertThat(paged.held.get()).isGreaterThan(MANY * 1_000L);
        paged.store.releaseCommits();
        paged.awaitPagedOut();
    }

    @Test
    void whatNobodyAskedToKeepIsWrittenToo() {
        PagedQueue paged = open(PagedQueue.with());
        paged.publish(0, MANY, number -> PagedQueue.message(number, BasicProperties.EMPTY));
        paged.awaitPagedOut();
        assertThat(paged.drain()).isEqualTo(numbers(0, MANY));
        paged.await(() -> assertThat(JournalContents.settlements(paged.store, PagedQueue.ID))
                .isEqualTo(JournalContents.entries(paged.store, PagedQueue.ID)));
    }

    @Test
    void whatNobodyAskedToKeepIsForgottenByTheNextProcess() {
        PagedQueue paged = open(PagedQueue.with());
        paged.publish(0, MANY, number -> PagedQueue.message(number, BasicProperties.EMPTY));
        paged.publish(MANY, MANY + 1);
        paged.awaitPagedOut();
        PagedQueue next = open(paged.restarted());
        assertThat(next.drain()).containsExactly(MANY);
    }

    @Test
    void queuesThatAreNotDurableArePagedOutToo() {
        PagedQueue paged = open(new PagedQueue(new InMemoryMessageJournal(), 100_000, Long.MAX_VALUE, OwnerIds.NONE));
        paged.publish(0, MANY);
        paged.awaitPagedOut();
        assertThat(paged.drain()).isEqualTo(numbers(0, MANY));
    }

    @Test
    void aConsumerGetsWhatComesBack() {
        PagedQueue paged = pagedOut();
        RecordingTarget target = new RecordingTarget();
        paged.consume(target, true);
        assertThat(target.messages).isEmpty();
        paged.await(() -> assertThat(target.messages).hasSize(MANY));
        assertThat(PagedQueue.numbers(target)).isEqualTo(numbers(0, MANY));
        assertThat(paged.held.get()).isZero();
    }

    @Test
    void aSegmentIsReadOnce() {
        PagedQueue paged = pagedOut();
        int segments = paged.store.rows().size();
        paged.consume(new RecordingTarget(), true);
        paged.await(() -> assertThat(paged.queue.ready()).isZero());
        // the journal reads, too, when it makes sparse segments smaller
        assertThat(paged.store.reads()).isLessThanOrEqualTo(segments + segments / 2);
    }

    @Test
    void aGetWaitsForAStoreThatIsGone() {
        PagedQueue paged = pagedOut();
        paged.store.failNextReads(1_000_000, GONE);
        CompletableFuture<@Nullable GetResult> first = paged.fetching(false);
        CompletableFuture<@Nullable GetResult> second = paged.fetching(true);
        paged.await(() -> assertThat(paged.store.reads()).isGreaterThan(2));
        assertThat(first).isNotDone();
        paged.store.stopFailing();
        assertThat(PagedQueue.number(paged.loops.await(first).message())).isZero();
        GetResult next = paged.loops.await(second);
        assertThat(PagedQueue.number(next.message())).isEqualTo(1);
        assertThat(next.remaining()).isEqualTo(MANY - 2);
        assertThat(paged.queue.counts().unacked()).isEqualTo(1);
    }

    @Test
    void aGetThatWaitsHearsOfAPurge() {
        PagedQueue paged = pagedOut();
        paged.store.failNextReads(1_000_000, GONE);
        CompletableFuture<@Nullable GetResult> waiting = paged.fetching(true);
        assertThat(waiting).isNotDone();
        paged.queue.on(ClassicQueue::onPurge);
        assertThat(waiting).isCompletedWithValue(null);
    }

    @Test
    void aGetThatWaitsHearsOfADeletion() {
        PagedQueue paged = pagedOut();
        paged.store.failNextReads(1_000_000, GONE);
        CompletableFuture<@Nullable GetResult> waiting = paged.fetching(true);
        paged.queue.on(ClassicQueue::onDelete);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(waiting::join)
                .withCauseInstanceOf(AmqpError.class)
                .withMessageContaining("no queue 'q' in vhost '/'");
    }

    @Test
    void purgeAndDeletionSettleWithoutReading() {
        PagedQueue paged = pagedOut();
        assertThat(paged.queue.<Integer>on(ClassicQueue::onPurge)).isEqualTo(MANY);
        assertThat(paged.held.get()).isZero();
        paged.await(() -> assertThat(JournalContents.settlements(paged.store, PagedQueue.ID))
                .isEqualTo(MANY));
        paged.publish(0, MANY);
        paged.awaitPagedOut();
        assertThat(paged.queue.<Integer>on(ClassicQueue::onDelete)).isEqualTo(MANY);
        assertThat(paged.held.get()).isZero();
        assertThat(paged.store.reads()).isZero();
        paged.await(() -> assertThat(JournalContents.settlements(paged.store, PagedQueue.ID))
                .isEqualTo(2 * MANY));
    }

    @Test
    void whatIsOnItsWayIsNotWantedAfterAPurge() {
        PagedQueue paged = pagedOut();
        RecordingTarget target = new RecordingTarget();
        paged.store.failNextReads(1_000_000, GONE);
        paged.consume(target, true);
        paged.await(() -> assertThat(paged.store.reads()).isPositive());
        paged.queue.on(ClassicQueue::onPurge);
        paged.publish(MANY, MANY + 5);
        paged.store.stopFailing();
        paged.await(() -> assertThat(PagedQueue.numbers(target)).isEqualTo(numbers(MANY, MANY + 5)));
    }

    @Test
    void expiryNeedsNoBodies() {
        PagedQueue paged = pagedOut("x-message-ttl", 1_000_000);
        paged.queue.advance(1_000_000 + TimerWheel.TICK_MILLIS);
        assertThat(paged.queue.ready()).isZero();
        assertThat(paged.held.get()).isZero();
        assertThat(paged.store.reads()).isZero();
    }

    @Test
    void whatExpiresIsReadForItsDeadLetters() {
        PagedQueue paged = pagedOut("x-message-ttl", 1_000_000, "x-dead-letter-exchange", "dlx");
        paged.queue.advance(1_000_000 + TimerWheel.TICK_MILLIS);
        RecordingTarget target = new RecordingTarget();
        paged.consume(target, true);
        paged.await(() -> assertThat(paged.queue.ready()).isZero());
        assertThat(target.messages).isEmpty();
        assertThat(deadLetters(paged)).isEqualTo(numbers(0, MANY));
        assertThat(paged.held.get()).isZero();
    }

    private static List<Integer> deadLetters(PagedQueue paged) {
        return paged.queue.host.deadLetters.stream()
                .map(letter -> PagedQueue.number(letter.message()))
                .toList();
    }

    @Test
    void aShorterQueueNeedsNoBodies() {
        PagedQueue paged = pagedOut();
        paged.queue.policy(maxLength(10));
        assertThat(paged.queue.ready()).isEqualTo(10);
        assertThat(paged.store.reads()).isZero();
        assertThat(paged.drain()).isEqualTo(numbers(MANY - 10, MANY));
    }

    @Test
    void whatIsTooMuchIsReadForItsDeadLetters() {
        PagedQueue paged = pagedOut("x-dead-letter-exchange", "dlx");
        paged.queue.policy(maxLength(10));
        paged.await(() -> assertThat(paged.queue.ready()).isEqualTo(10));
        assertThat(deadLetters(paged)).isEqualTo(numbers(0, MANY - 10));
        assertThat(paged.drain()).isEqualTo(numbers(MANY - 10, MANY));
    }

    private static QueuePolicy maxLength(long messages) {
        return new QueuePolicy(null, null, -1, -1, null, null, messages, -1, null);
    }

    @Test
    void aFullQueueDropsWhatIsOnDisk() {
        PagedQueue paged = pagedOut("x-max-length", MANY);
        paged.publish(MANY, MANY + 700);
        assertThat(paged.store.reads()).isZero();
        assertThat(paged.drain()).isEqualTo(numbers(700, MANY + 700));
    }

    @Test
    void whatComesBackFromAClientIsInFrontOfWhatIsOnDisk() {
        PagedQueue paged = pagedOut();
        GetResult first = paged.fetch(false);
        GetResult second = paged.fetch(false);
        paged.awaitHeld(2 * first.message().memoryBytes() + MANY * (long) Chunk.INDEX_BYTES);
        paged.queue.giveBack(second);
        paged.queue.giveBack(first);
        GetResult again = paged.queue.get(true);
        assertThat(again).isNotNull();
        assertThat(PagedQueue.number(again.message())).isZero();
        assertThat(Position.isRedelivered(again.position())).isTrue();
        assertThat(paged.drain()).isEqualTo(numbers(1, MANY));
    }

    @Test
    void eachPriorityIsPagedOutByItself() {
        PagedQueue paged = open(PagedQueue.with("x-max-priority", 3));
        paged.publish(0, MANY, number -> prioritised(number, number % 4));
        paged.awaitPagedOut();
        List<Integer> byPriority = IntStream.of(3, 2, 1, 0)
                .boxed()
                .flatMap(priority -> numbers(0, MANY).stream().filter(number -> number % 4 == priority))
                .toList();
        paged.publish(MANY, MANY + 1, number -> prioritised(number, 3));
        List<Integer> drained = paged.drain();
        assertThat(drained.remove(MANY / 4)).isEqualTo(MANY);
        assertThat(drained).isEqualTo(byPriority);
    }

    private static Message prioritised(int number, int priority) {
        return PagedQueue.message(
                number,
                BasicProperties.builder().deliveryMode(2).priority(priority).build());
    }

    @Test
    void whatIsUrgentDoesNotWaitForTheDisk() {
        PagedQueue paged = open(PagedQueue.with("x-max-priority", 3));
        paged.publish(0, MANY, number -> prioritised(number, 1));
        paged.awaitPagedOut();
        paged.store.failNextReads(1_000_000, GONE);
        RecordingTarget target = new RecordingTarget();
        paged.consume(target, true);
        paged.publish(MANY, MANY + 1, number -> prioritised(number, 2));
        paged.queue.on(owned -> {
            owned.onRequeued();
            return true;
        });
        assertThat(PagedQueue.numbers(target)).containsExactly(MANY);
    }

    @Test
    void aDamagedMessageIsDroppedAndSettled() {
        PagedQueue paged = pagedOut();
        long segment = paged.store.rows().firstKey();
        paged.store.damage(segment, InMemoryMessageJournal.Part.PAYLOAD, 500);
        List<Integer> left = paged.drain();
        assertThat(left).isEqualTo(numbers(1, MANY));
        assertThat(paged.held.get()).isZero();
        assertThat(paged.queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0));
        paged.await(() -> assertThat(JournalContents.settlements(paged.store, PagedQueue.ID))
                .isEqualTo(MANY));
    }

    @Test
    void theQueueGoesOnWithoutARowThatIsLost() {
        PagedQueue paged = pagedOut();
        long segment = paged.store.rows().firstKey();
        paged.store.lose(segment);
        List<Integer> left = paged.drain();
        assertThat(left).hasSizeLessThan(MANY).isNotEmpty().isSorted().endsWith(MANY - 1);
        assertThat(paged.queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0));
    }

    @Test
    void aConsumerThatAcknowledgesNothingDoesNotFillTheMemory() {
        long full = 2_000_000;
        PagedQueue paged = open(new PagedQueue(new InMemoryMessageJournal(), 100_000, full, PagedQueue.ID));
        paged.publish(0, 2 * MANY);
        paged.awaitPagedOut();
        RecordingTarget target = new RecordingTarget();
        Consumer consumer = paged.consume(target, false);
        paged.await(() -> assertThat(paged.held.get()).isGreaterThan(full));
        paged.queue.advance(10_000);
        int delivered = target.messages.size();
        assertThat(delivered).isLessThan(2 * MANY);
        assertThat(paged.held.get()).isLessThan(full + (ReadyMessages.READ_AHEAD + 2) * 600_000);
        List.copyOf(target.messages).forEach(message -> paged.queue.settle(consumer, message));
        paged.await(() -> assertThat(target.messages).hasSizeGreaterThan(delivered));
    }

    @Test
    void aConsumerThatWaitsForRoomGoesOnWhenSomebodyElseMakesIt() {
        long full = 2_000_000;
        PagedQueue paged = open(new PagedQueue(new InMemoryMessageJournal(), 100_000, full, PagedQueue.ID));
        paged.publish(0, 2 * MANY);
        paged.awaitPagedOut();
        RecordingTarget target = new RecordingTarget();
        paged.consume(target, false);
        paged.await(() -> assertThat(target.messages).isNotEmpty());
        paged.held.add(100 * full);
        paged.queue.advance(10_000);
        paged.await(() -> assertThat(target.messages).hasSizeLessThan(2 * MANY));
        int delivered = target.messages.size();
        paged.held.add(-200 * full);
        paged.queue.advance(10_000);
        paged.await(() -> assertThat(target.messages).hasSizeGreaterThan(delivered));
        paged.held.add(100 * full);
    }

    @Test
    void whatIsSettledByBeingHandedOutNeedsNoRoom() {
        PagedQueue paged = pagedOut();
        paged.held.add(1L << 40);
        RecordingTarget target = new RecordingTarget();
        paged.consume(target, true);
        paged.await(() -> assertThat(target.messages).hasSize(MANY));
        paged.held.add(-(1L << 40));
    }

    @Test
    void whatIsOnItsWayBackCountsAsIfItWereThere() {
        PagedQueue paged = pagedOut();
        long index = paged.held.get();
        paged.store.failNextReads(1_000_000, GONE);
        paged.consume(new RecordingTarget(), true);
        assertThat(paged.held.get() - index).as("some chunks").isBetween(1_000_000L, 3_000_000L);
        paged.queue.on(ClassicQueue::onPurge);
        assertThat(paged.held.get()).isZero();
        paged.store.stopFailing();
        paged.loops.runAll();
        assertThat(paged.held.get()).isZero();
    }

    @Test
    void littleComesBackAtOnceWhenThereIsNoRoom() {
        PagedQueue paged = open(new PagedQueue(new InMemoryMessageJournal(), 100_000, 200_000, PagedQueue.ID));
        paged.publish(0, MANY);
        paged.awaitPagedOut();
        paged.held.add(1_000_000);
        long before = paged.held.get();
        paged.store.failNextReads(1_000_000, GONE);
        paged.consume(new RecordingTarget(), true);
        assertThat(paged.held.get() - before).isPositive().isLessThan(Chunk.MESSAGES * 1_200L);
        paged.held.add(-1_000_000);
    }

    @Test
    void nothingComesBackWhileMemoryIsCrammed() {
        MemoryInUse memory = new MemoryInUse(1, 100_000, 200_000, 5_000_000);
        PagedQueue paged = open(new PagedQueue(new InMemoryMessageJournal(), memory, PagedQueue.ID));
        paged.publish(0, MANY);
        paged.awaitPagedOut();
        int reads = paged.store.reads();
        paged.held.add(10_000_000);
        RecordingTarget target = new RecordingTarget();
        paged.consume(target, true);
        CompletableFuture<@Nullable GetResult> get = paged.fetching(true);
        paged.queue.advance(10_000);
        assertThat(paged.store.reads()).isEqualTo(reads);
        paged.held.add(-10_000_000);
        paged.queue.advance(10_000);
        paged.await(() -> assertThat(paged.queue.ready()).isZero());
        assertThat(get).isDone();
        assertThat(target.messages).hasSize(MANY - 1);
    }

    @Test
    void whatTheLastProcessLeftIsNotReadBeforeSomebodyWantsIt() {
        PagedQueue before = pagedOut();
        before.fetch(false);
        PagedQueue paged = open(before.restarted());
        assertThat(paged.queue.ready()).isEqualTo(MANY);
        assertThat(paged.held.get()).isEqualTo(MANY * (long) Chunk.INDEX_BYTES);
        int reads = paged.store.reads();
        paged.publish(MANY, MANY + 2);
        assertThat(paged.store.reads()).isEqualTo(reads);
        for (int number = 0; number < MANY + 2; number++) {
            GetResult got = paged.fetch(true);
            assertThat(got).isNotNull();
            assertThat(PagedQueue.number(got.message())).isEqualTo(number);
            assertThat(Position.isRedelivered(got.position())).isEqualTo(number < MANY);
        }
        assertThat(paged.fetch(true)).isNull();
        assertThat(paged.held.get()).isZero();
    }
}
