package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConfirmsTests {
    private final Confirms confirms = new Confirms();
    private final RecordingOutput output = new RecordingOutput();

    @Test
    void numbersPublishesFromOne() {
        assertThat(confirms.published(1)).isEqualTo(1);
        assertThat(confirms.published(0)).isEqualTo(2);
        assertThat(confirms.nextTag()).isEqualTo(3);
    }

    @Test
    void acksAnUnroutedPublishAtOnce() {
        confirms.published(0);
        assertThat(flushed()).containsExactly("ack 1");
    }

    @Test
    void acksARunWithOneFrame() {
        for (int i = 0; i < 3; i++) {
            confirms.published(1);
        }
        for (long tag = 1; tag <= 3; tag++) {
            confirms.settled(tag, true);
        }
        assertThat(flushed()).containsExactly("ack 3 multiple");
        assertThat(confirms.hasAnswers()).isFalse();
    }

    @Test
    void waitsForEveryQueue() {
        confirms.published(2);
        confirms.settled(1, true);
        assertThat(confirms.hasAnswers()).isFalse();
        confirms.settled(1, true);
        assertThat(flushed()).containsExactly("ack 1");
    }

    @Test
    void refusesWhenOneOfSeveralQueuesDoes() {
        for (boolean first : new boolean[] {true, false}) {
            long tag = confirms.published(2);
            confirms.settled(tag, first);
            confirms.settled(tag, !first);
        }
        assertThat(flushed()).containsExactly("nack 1", "nack 2");
    }

    @Test
    void acksOutOfOrderOneByOne() {
        for (int i = 0; i < 4; i++) {
            confirms.published(1);
        }
        confirms.settled(4, true);
        confirms.settled(2, true);
        assertThat(flushed()).containsExactly("ack 4", "ack 2");
        confirms.settled(1, true);
        confirms.settled(3, true);
        assertThat(flushed()).containsExactly("ack 3 multiple");
    }

    @Test
    void anUnroutedPublishBehindAnUnsettledOneIsAckedAlone() {
        confirms.published(1);
        confirms.published(0);
        assertThat(flushed()).containsExactly("ack 2");
        confirms.settled(1, true);
        assertThat(flushed()).containsExactly("ack 1");
    }

    @Test
    void noMultipleSpansATagRefusedInTheSameTurn() {
        for (int i = 0; i < 4; i++) {
            confirms.published(1);
        }
        confirms.settled(1, true);
        confirms.settled(2, true);
        confirms.settled(3, false);
        confirms.settled(4, true);
        assertThat(flushed()).containsExactly("nack 3", "ack 2 multiple", "ack 4");
        confirms.published(0);
        assertThat(flushed()).containsExactly("ack 5");
    }

    @Test
    void answersEveryPublishExactlyOnceWhateverTheOrder() {
        long seed = System.nanoTime();
        for (int i = 0; i < 30; i++) {
            new Model(seed + i).run();
        }
    }

    private List<String> flushed() {
        output.log.clear();
        confirms.flush(output);
        return output.log;
    }

    /** Publishes to random numbers of queues that answer in random order, and checks each answer. */
    private static final class Model implements ChannelOutput {
        @Override
        public int number() {
            return 1;
        }

        @Override
        public void failed(AmqpError error) {
            throw error;
        }

        private final long seed;
        private final Random random;
        private final Confirms confirms = new Confirms();
        /** By publish tag: the queues that have not answered. */
        private final Map<Long, Integer> open = new HashMap<>();
        /** Publishes without an answer, by tag: whether it has to be an ack; null until that is known. */
        private final TreeMap<Long, Boolean> unanswered = new TreeMap<>();

        private final Map<Long, Boolean> refused = new HashMap<>();

        Model(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (int step = 0; step < 400; step++) {
                int kind = random.nextInt(10);
                if (kind < 4) {
                    publish(random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3));
                } else if (kind < 9) {
                    for (int i = random.nextInt(8); i > 0; i--) {
                        answerOne();
                    }
                } else {
                    confirms.flush(this);
                    assertNothingDue();
                }
            }
            while (!open.isEmpty()) {
                answerOne();
            }
            confirms.flush(this);
            assertThat(unanswered).as("seed %d", seed).isEmpty();
        }

        private void publish(int queues) {
            long tag = confirms.published(queues);
            unanswered.put(tag, queues == 0);
            if (queues > 0) {
                open.put(tag, queues);
            }
        }

        private void answerOne() {
            if (open.isEmpty()) {
                return;
            }
            List<Long> tags = new ArrayList<>(open.keySet());
            long tag = tags.get(random.nextInt(2) == 0 ? 0 : random.nextInt(tags.size()));
            boolean accepted = random.nextInt(6) > 0;
            refused.merge(tag, !accepted, Boolean::logicalOr);
            if (open.merge(tag, -1, Integer::sum) == 0) {
                open.remove(tag);
                unanswered.put(tag, !refused.get(tag));
            }
            confirms.settled(tag, accepted);
        }

        private void assertNothingDue() {
            assertThat(unanswered.keySet()).as("seed %d", seed).isEqualTo(open.keySet());
            assertThat(confirms.hasAnswers()).isFalse();
        }

        @Override
        public void confirmed(long publishTag, boolean multiple) {
            if (multiple) {
                for (long tag :
                        List.copyOf(unanswered.headMap(publishTag, false).keySet())) {
                    assertAcked(tag);
                }
            }
            assertAcked(publishTag);
        }

        private void assertAcked(long tag) {
            assertThat(open).as("seed %d: unsettled", seed).doesNotContainKey(tag);
            assertThat(unanswered.remove(tag)).as("seed %d: %d", seed, tag).isEqualTo(true);
        }

        @Override
        public void refused(long publishTag) {
            assertThat(open).as("seed %d: unsettled", seed).doesNotContainKey(publishTag);
            assertThat(unanswered.remove(publishTag))
                    .as("seed %d: %d", seed, publishTag)
                    .isEqualTo(false);
        }

        @Override
        public void deliver(byte[] consumerTag, long deliveryTag, boolean redelivered, Message message) {
            throw new AssertionError();
        }

        @Override
        public void returned(Message message) {
            throw new AssertionError();
        }

        @Override
        public void consumerCancelled(String consumerTag) {
            throw new AssertionError();
        }
    }
}
