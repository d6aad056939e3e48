package io.leveret.broker.journal;

import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** A journal over a store in memory, with two loops that run when told to. */
final class TestJournal {
    final InMemoryMessageJournal store;
    final ManualEventLoops loops = new ManualEventLoops(2);
    final OwnerIds ids = new OwnerIds();
    final MemoryInUse memory = new MemoryInUse(2);
    final Journal journal;
    /** What listeners heard, in order: the tag and whether it is well. */
    final List<String> heard = new ArrayList<>();

    /** Opens it; it has not started. */
    TestJournal(InMemoryMessageJournal store) {
        this.store = store;
        this.journal = Journal.open("test", store, loops.all(), ids, memory);
    }

    static TestJournal started(InMemoryMessageJournal store) {
        TestJournal journal = new TestJournal(store);
        journal.journal.start();
        return journal;
    }

    static Message message(String body) {
        return message(body.getBytes(StandardCharsets.UTF_8));
    }

    static Message message(byte[] body) {
        byte[] data = new byte[4 + body.length];
        System.arraycopy(body, 0, data, 4, body.length);
        return Message.of(data, 2, 4, true, 0);
    }

    static String body(Message message) {
        return new String(message.data(), message.bodyOffset(), message.bodyLength(), StandardCharsets.UTF_8);
    }

    LoopJournal on(int loop) {
        return journal.on(loops.get(loop));
    }

    long append(int loop, long owner, String body) {
        return append(loop, owner, message(body), 0);
    }

    long append(int loop, long owner, Message message, long tag) {
        return loops.get(loop)
                .call(() -> on(loop).append(
                                owner, message, Message.NEVER, true, (of, well) -> heard.add(of + " " + well), tag))
                .place();
    }

    void settle(int loop, long place) {
        loops.get(loop).run(() -> on(loop).settle(place));
    }

    /** Appends and waits until it is on disk. */
    long store(int loop, long owner, String body) {
        long place = append(loop, owner, body);
        commitAll();
        return place;
    }

    /** Runs the loops until everything that was appended is committed. */
    void commitAll() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    loops.runAll();
                    return on(0).isIdle() && on(1).isIdle();
                });
    }

    /** The bodies of what was recovered for an owner. */
    List<String> recovered(long owner) {
        return journal.readNow(journal.takeRecovered(owner)).messages().stream()
                .map(TestJournal::body)
                .toList();
    }

    void close(boolean clean) {
        loops.await(CompletableFuture.runAsync(() -> journal.close(clean)));
    }

    /** Closes it as if the process were killed, and opens what is there then. */
    TestJournal killed() {
        InMemoryMessageJournal found = store.restarted();
        close(false);
        return new TestJournal(found);
    }

    /** Stops it cleanly, and opens what is there then. */
    TestJournal restarted() {
        close(true);
        return new TestJournal(store.restarted());
    }
}
