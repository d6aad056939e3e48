package io.leveret.broker.queue;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.loop.ManualEventLoop;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.policy.QueuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A queue on a loop of its own, with what tests do to it in short form; messages are told by their bodies. */
final class TestQueue {
    final ManualEventLoops loops;
    final ManualEventLoop loop;
    final RecordingHost host;
    final QueueRef ref;

    /** @param namesAndValues the arguments; values are texts and whole numbers */
    TestQueue(Object... namesAndValues) {
        this(new ManualEventLoops(1), new RecordingHost(), OwnerIds.NONE, namesAndValues);
    }

    /** @param id by which the journal knows it; it is durable if there is one */
    TestQueue(ManualEventLoops loops, RecordingHost host, long id, Object... namesAndValues) {
        this.loops = loops;
        this.loop = loops.get(0);
        this.host = host;
        FieldTable.Builder arguments = FieldTable.builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            arguments.put(
                    (String) namesAndValues[i],
                    value instanceof Number number
                            ? FieldValue.of(number.longValue())
                            : FieldValue.of(value.toString()));
        }
        boolean durable = id != OwnerIds.NONE;
        ref = new QueueRef("/", "q", durable, false, arguments.build(), null, loop, host, QueuePolicy.NONE, id);
        loops.runAll();
    }

    <T extends @Nullable Object> T on(Function<ClassicQueue, T> work) {
        return loop.call(() -> work.apply(ref.owned()));
    }

    PublishResult publish(String body) {
        return publish(Messages.of(body));
    }

    PublishResult publish(Message message) {
        return on(queue -> queue.onEnqueue(message));
    }

    void publishAll(String... bodies) {
        for (String body : bodies) {
            publish(body);
        }
    }

    static Message expiring(String body, long millis) {
        return Messages.of(
                        "",
                        "q",
                        BasicProperties.builder().expiration("" + millis).build(),
                        body)
                .withExpiration();
    }

    static Message prioritised(String body, int priority) {
        return Messages.of("", "q", BasicProperties.builder().priority(priority).build(), body);
    }

    static Message prioritised(String body, int priority, long expirationMillis) {
        return Messages.of(
                        "",
                        "q",
                        BasicProperties.builder()
                                .priority(priority)
                                .expiration("" + expirationMillis)
                                .build(),
                        body)
                .withExpiration();
    }

    @Nullable GetResult get(boolean noAck) {
        return on(queue -> queue.onGet(noAck));
    }

    /** Takes everything. */
    List<String> drain() {
        List<String> bodies = new ArrayList<>();
        GetResult got;
        while ((got = get(true)) != null) {
            bodies.add(Messages.body(got.message()));
        }
        return bodies;
    }

    void giveBack(GetResult got) {
        on(queue -> {
            queue.onRequeue(null, got.message(), Position.redelivered(got.position()), true);
            queue.onRequeued();
            return true;
        });
    }

    void settle(GetResult got) {
        settle(null, got.message());
    }

    void settle(@Nullable Consumer consumer, Message message) {
        on(queue -> {
            queue.onSettled(consumer, 1, message.bodyLength(), message.memoryBytes());
            return true;
        });
    }

    void reject(@Nullable Consumer consumer, Message message) {
        on(queue -> {
            queue.onRejected(consumer, message);
            return true;
        });
    }

    Consumer consume(RecordingTarget target, boolean noAck, int prefetch) {
        Consumer consumer = new Consumer(target, noAck, false, 0, prefetch, null);
        on(queue -> {
            queue.onConsume(consumer);
            queue.onCredit(consumer, 1_000);
            return true;
        });
        return consumer;
    }

    boolean cancel(Consumer consumer) {
        return on(queue -> queue.onCancel(consumer));
    }

    void policy(QueuePolicy policy) {
        ref.applyPolicy(policy);
        loops.runAll();
    }

    QueueCounts counts() {
        return on(ClassicQueue::onCounts);
    }

    int ready() {
        return counts().ready();
    }

    void advance(long millis) {
        loop.advance(millis);
        loops.runAll();
    }

    long heldBytes() {
        return host.heldBytes.get();
    }

    /** What was dead-lettered so far, each with its reason, such as {@code a maxlen}. */
    List<String> deadLetters() {
        return host.deadLetters.stream()
                .map(dead -> Messages.body(dead.message()) + " " + dead.reason().text())
                .toList();
    }
}
