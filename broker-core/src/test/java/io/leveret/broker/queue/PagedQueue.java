package io.leveret.broker.queue;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/** A queue with a journal, which is to have little in memory; messages are told by the numbers that their bodies begin with. */
final class PagedQueue implements AutoCloseable {
    static final long ID = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FILLING = "x".repeat(1_000);

    final InMemoryMessageJournal store;
    final ManualEventLoops loops = new ManualEventLoops(1);
    final HeldBytes held;
    final TestQueue queue;
    private final Journal journal;

    /** With room for a hundred messages or so. */
    static PagedQueue with(Object... arguments) {
        return new PagedQueue(new InMemoryMessageJournal(), 100_000, Long.MAX_VALUE, ID, arguments);
    }

    /**
     * Recovers what there is.
     *
     * @param paging from how many bytes on messages leave the memory
     * @param full from how many on they do not come back to wait for an acknowledgement
     * @param id of the queue, which is not durable if it is {@link OwnerIds#NONE}
     */
    PagedQueue(InMemoryMessageJournal store, long paging, long full, long id, Object... arguments) {
        this(store, new MemoryInUse(1, paging, full), id, arguments);
    }

    PagedQueue(InMemoryMessageJournal store, MemoryInUse memory, long id, Object... arguments) {
        this.store = store;
        journal = Journal.open("test", store, loops.all(), new OwnerIds(), memory);
        held = memory.of(loops.get(0));
        queue = new TestQueue(loops, new RecordingHost(held, journal.on(loops.get(0))), id, arguments);
        queue.on(owned -> {
            owned.onRecovered(journal.takeRecovered(id));
            owned.onReady();
            return true;
        });
        journal.start();
    }

    /** What the next process finds. */
    PagedQueue restarted() {
        close();
        return new PagedQueue(store.restarted(), 100_000, Long.MAX_VALUE, ID);
    }

    static Message message(int number) {
        return message(number, BasicProperties.builder().deliveryMode(2).build());
    }

    static Message message(int number, BasicProperties properties) {
        Message message = Messages.of("", "q", properties, number + " " + FILLING);
        return properties.expiration() == null ? message : message.withExpiration();
    }

    static int number(Message message) {
        String body = Messages.body(message);
        return Integer.parseInt(body.substring(0, body.indexOf(' ')));
    }

    void publish(int from, int to) {
        publish(from, to, PagedQueue::message);
    }

    void publish(int from, int to, Function<Integer, Message> messages) {
        for (int i = from; i < to; i++) {
            queue.publish(messages.apply(i));
            if (i % 100 == 0) {
                loops.runAll();
            }
        }
        loops.runAll();
    }

    /** Runs what there is to do, with the clock going on, until it is so. */
    void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    loops.runAll();
                    assertion.run();
                    loops.get(0).advance(1);
                });
    }

    /** Waits until at most so many bytes are in memory. */
    void awaitHeld(long most) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .until(() -> {
                    loops.runAll();
                    boolean isSo = held.get() <= most;
                    loops.get(0).advance(isSo ? 0 : 100);
                    return isSo;
                });
    }

    /** Waits until all is on disk alone. */
    void awaitPagedOut() {
        awaitHeld(queue.ready() * (long) Chunk.INDEX_BYTES_WITH_DEADLINE);
    }

    @Nullable GetResult fetch(boolean noAck) {
        return loops.await(fetching(noAck));
    }

    CompletableFuture<@Nullable GetResult> fetching(boolean noAck) {
        return queue.on(owned -> owned.onFetch(noAck));
    }

    /** Takes everything. */
    List<Integer> drain() {
        List<Integer> numbers = new ArrayList<>();
        GetResult got;
        while ((got = fetch(true)) != null) {
            numbers.add(number(got.message()));
        }
        return numbers;
    }

    Consumer consume(RecordingTarget target, boolean noAck) {
        Consumer consumer = new Consumer(target, noAck, false, 0, 0, null);
        queue.on(owned -> {
            owned.onConsume(consumer);
            owned.onCredit(consumer, 1_000_000);
            return true;
        });
        return consumer;
    }

    static List<Integer> numbers(RecordingTarget target) {
        return target.messages.stream().map(PagedQueue::number).toList();
    }

    @Override
    public void close() {
        store.releaseCommits();
        store.stopFailing();
        loops.await(CompletableFuture.runAsync(journal::close));
    }
}
