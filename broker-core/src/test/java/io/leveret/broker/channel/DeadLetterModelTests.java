package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Messages that are rejected, expire and are too much, between three queues on two loops, while the process ends now and then
 * at any moment: each that was confirmed is in a queue afterwards, and in one only if it had time to end.
 */
class DeadLetterModelTests {
    private static final int STEPS = 120;
    private static final int LIVES = 6;
    private static final String[] QUEUES = {"a", "b", "c"};
    private static final Pattern TAG = Pattern.compile("(ack|nack) (\\d+)( multiple)?");

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, false", "4, false", "5, false", "6, false"})
    void losesNothingThatWasConfirmed(int run, boolean isAlwaysClean) {
        long seed = System.nanoTime() + run;
        try (RestartableBroker restartable = new RestartableBroker()) {
            new Model(restartable, seed, isAlwaysClean).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static final class Model {
        private final RestartableBroker restartable;
        private final Random random;
        private final boolean isAlwaysClean;
        private final Set<String> confirmed = new HashSet<>();
        /** Not known to be confirmed; they may be there and need not. */
        private final Set<String> unconfirmed = new HashSet<>();

        private final Map<Long, String> byTag = new TreeMap<>();
        private TestChannel publisher;
        private List<TestChannel> consumers = new ArrayList<>();
        private int seen;
        private long nextTag;
        private int published;
        private boolean duplicatesAllowed;
        private boolean blocked;

        Model(RestartableBroker restartable, long seed, boolean isAlwaysClean) {
            this.isAlwaysClean = isAlwaysClean;
            this.restartable = restartable;
            this.random = new Random(seed);
            declare(0, "a", "b", "x-message-ttl", 1_000);
            declare(1, "b", "c", "x-max-length", 20);
            declare(random.nextInt(2), "c", "a", "x-max-length", 1_000_000);
            connect();
        }

        /** A queue in which a message dies sooner or later, to go to the next one. */
        private void declare(int loop, String queue, String next, String argument, int value) {
            FieldTable arguments = FieldTable.builder()
                    .put("x-dead-letter-exchange", FieldValue.of(""))
                    .put("x-dead-letter-routing-key", FieldValue.of(next))
                    .put(argument, FieldValue.of(value))
                    .build();
            TestChannel channel = restartable.open(loop);
            channel.client.request(() -> channel.channel.topology().declareQueue(queue, true, false, false, arguments));
        }

        private void connect() {
            publisher = restartable.confirming(random.nextInt(2));
            consumers = List.of(restartable.open(0), restartable.open(1));
            blocked = false;
            byTag.clear();
            seen = 0;
            nextTag = 1;
        }

        void run() {
            for (int life = 0; life < LIVES; life++) {
                for (int step = random.nextInt(STEPS); step > 0; step--) {
                    act();
                    for (int i = random.nextInt(5); i > 0; i--) {
                        restartable.broker().loops.stepAny(random);
                    }
                    look();
                }
                end();
                connect();
                check();
            }
        }

        private void act() {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> publish();
                case 4, 5, 6 -> reject();
                case 7 -> restartable.broker().loops.all().forEach(loop -> loop.advance(random.nextInt(400)));
                case 8 -> block();
                default -> release();
            }
        }

        private void block() {
            if (!blocked) {
                blocked = true;
                restartable.messages().blockCommits();
            }
        }

        private void release() {
            blocked = false;
            restartable.messages().releaseCommits();
        }

        private void publish() {
            String body = "m" + published++;
            unconfirmed.add(body);
            byTag.put(nextTag++, body);
            publisher.publish("", QUEUES[random.nextInt(QUEUES.length)], PERSISTENT, false, body);
        }

        /** Rejected by a client, so that it may go round for ever. */
        private void reject() {
            TestChannel channel = consumers.get(random.nextInt(2));
            if (channel.get(QUEUES[random.nextInt(QUEUES.length)], false) != null) {
                channel.client.turn(() -> channel.channel.nack(0, true, false));
            }
        }

        private void look() {
            List<String> log = publisher.output.log;
            for (; seen < log.size(); seen++) {
                Matcher answer = TAG.matcher(log.get(seen));
                assertThat(answer.matches()).isTrue();
                long tag = Long.parseLong(answer.group(2));
                for (long each = answer.group(3) == null ? tag : 1; each <= tag; each++) {
                    String body = byTag.remove(each);
                    if (body != null && answer.group(1).equals("ack")) {
                        unconfirmed.remove(body);
                        confirmed.add(body);
                    }
                }
            }
        }

        private void end() {
            if (!isAlwaysClean && random.nextInt(3) > 0) {
                restartable.crash();
                duplicatesAllowed = true;
                return;
            }
            release();
            if (random.nextBoolean()) {
                restartable.awaitWritten();
            }
            look();
            restartable.restart();
        }

        /** Takes a look into the queues; nothing dies meanwhile, as the clock stands still. */
        private void check() {
            restartable.broker().runAll();
            Map<String, Integer> found = new HashMap<>();
            for (String queue : QUEUES) {
                TestChannel channel = restartable.open(0);
                String body;
                while ((body = channel.get(queue, false)) != null) {
                    found.merge(body.replace("*", ""), 1, Integer::sum);
                }
                channel.client.close();
            }
            assertThat(found.keySet()).containsAll(confirmed);
            if (!duplicatesAllowed) {
                assertThat(found.values()).as("how often each is there").allMatch(times -> times == 1);
            }
            confirmed.addAll(found.keySet());
            unconfirmed.clear();
        }
    }
}
