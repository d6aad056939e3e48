package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueArguments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes, acks, closes and pauses in reading, on two loops whose steps come in a random order: whoever follows as
 * the single active consumer gets what is left in the order it was published, whatever the one before had been given.
 */
class SingleActiveConsumerModelTests {
    private static final int STEPS = 400;
    private static final String QUEUE = "q";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyConsumerIsGivenMessagesInTheOrderOfThePublishes(int run) {
        long seed = System.nanoTime() + run;
        try (TestBroker broker = new TestBroker()) {
            new Model(broker, seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static final class Model {
        private final TestBroker broker;
        private final Random random;
        private final TestChannel publisher;
        private final List<TestChannel> open = new ArrayList<>();
        private final List<TestChannel> all = new ArrayList<>();
        private final Set<Integer> acked = new HashSet<>();
        private int published;

        Model(TestBroker broker, long seed) {
            this.broker = broker;
            this.random = new Random(seed);
            broker.connect(random.nextInt(2))
                    .open()
                    .declare(QUEUE, QueueArguments.X_SINGLE_ACTIVE_CONSUMER, FieldValue.of(true));
            this.publisher = broker.connect(random.nextInt(2)).open();
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
                for (int j = random.nextInt(4); j > 0; j--) {
                    broker.loops.stepAny(random);
                }
            }
            while (!open.isEmpty()) {
                end(open.get(0));
            }
            TestChannel last = consumer(0);
            broker.runAll();
            check();
            assertThat(last.bodies().stream().map(Integer::valueOf))
                    .containsExactlyElementsOf(IntStream.range(0, published)
                            .filter(message -> !acked.contains(message))
                            .boxed()
                            .toList());
        }

        private void step() {
            int choice = random.nextInt(12);
            if (choice < 5) {
                publisher.publish(QUEUE, Integer.toString(published++));
            } else if (open.isEmpty() || (choice < 7 && open.size() < 5)) {
                consumer(random.nextInt(4));
                check();
            } else if (choice < 9) {
                ack(any());
            } else if (choice < 11) {
                any().client.writable(random.nextBoolean());
            } else {
                end(any());
            }
        }

        private TestChannel any() {
            return open.get(random.nextInt(open.size()));
        }

        private TestChannel consumer(int prefetch) {
            TestChannel channel = broker.connect(random.nextInt(2)).open();
            channel.qos(prefetch, false);
            channel.consume(QUEUE, "c");
            open.add(channel);
            all.add(channel);
            return channel;
        }

        /** Acks the latest delivery, and perhaps all before, unless it was acked. */
        private void ack(TestChannel channel) {
            if (channel.output.deliveries.isEmpty()) {
                return;
            }
            RecordingOutput.Delivery latest = channel.output.last();
            if (acked.add(Integer.valueOf(latest.body()))) {
                boolean multiple = random.nextBoolean();
                if (multiple) {
                    channel.bodies().forEach(body -> acked.add(Integer.valueOf(body)));
                }
                channel.client.turn(() -> channel.channel.ack(latest.deliveryTag(), multiple));
            }
        }

        private void end(TestChannel channel) {
            open.remove(channel);
            if (random.nextBoolean()) {
                channel.client.drop();
            } else {
                channel.client.turn(channel.channel::close);
            }
        }

        private void check() {
            for (TestChannel channel : all) {
                assertThat(channel.bodies().stream().map(Integer::valueOf))
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
        }
    }
}
