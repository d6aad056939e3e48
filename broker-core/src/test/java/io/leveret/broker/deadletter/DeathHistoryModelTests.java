package io.leveret.broker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Lets a message die at random and compares its headers with a plain list of its deaths. */
class DeathHistoryModelTests {
    private static final int DEATHS = 60;

    /** One line of the model. */
    private static final class Known {
        final String queue;
        final DeathReason reason;
        final long seconds;
        final String exchange;
        final List<String> keys;
        final @Nullable String expiration;
        long count = 1;

        Known(
                String queue,
                DeathReason reason,
                long seconds,
                String exchange,
                List<String> keys,
                @Nullable String expiration) {
            this.queue = queue;
            this.reason = reason;
            this.seconds = seconds;
            this.exchange = exchange;
            this.keys = keys;
            this.expiration = expiration;
        }

        FieldValue asTable() {
            FieldTable.Builder table = FieldTable.builder();
            if (expiration != null) {
                table.put("original-expiration", FieldValue.of(expiration));
            }
            return FieldValue.of(table.put("count", FieldValue.of(count))
                    .put("reason", FieldValue.of(reason.text()))
                    .put("queue", FieldValue.of(queue))
                    .put("time", FieldValue.timestamp(seconds))
                    .put("exchange", FieldValue.of(exchange))
                    .put(
                            "routing-keys",
                            FieldValue.of(keys.stream().map(FieldValue::of).toList()))
                    .build());
        }
    }

    private final LetterWriter writer = new LetterWriter();
    private final List<Known> model = new ArrayList<>();

    @RepeatedTest(50)
    void headersAreWhatHappened(RepetitionInfo run) {
        long seed = System.nanoTime() + run.getCurrentRepetition();
        Random random = new Random(seed);
        String exchange = "e" + random.nextInt(3);
        List<String> cc = random.nextBoolean() ? List.of("cc", "k1") : List.of();
        List<String> bcc = random.nextBoolean() ? List.of("bcc") : List.of();
        @Nullable String expiration = random.nextBoolean() ? random.nextInt(1_000) + "" : null;
        List<String> keys = new ArrayList<>(List.of("k0"));
        keys.addAll(cc);
        Message message = message(exchange, cc, bcc, expiration);

        for (int i = 0; i < DEATHS; i++) {
            String queue = "q" + random.nextInt(8);
            DeathReason reason = DeathReason.values()[random.nextInt(3)];
            DeadLettering to =
                    new DeadLettering("e" + random.nextInt(4), random.nextInt(3) == 0 ? "k" + random.nextInt(4) : null);
            die(new Known(queue, reason, 1_000 + i, exchange, List.copyOf(keys), expiration));

            LetterWriter.Letter letter = writer.write(message, queue, reason, to, 1_000 + i);

            message = letter.message();
            FieldTable headers =
                    Objects.requireNonNull(Messages.properties(message).headers());
            assertThat(headers.get("x-death"))
                    .as("seed %d, death %d", seed, i)
                    .isEqualTo(FieldValue.of(model.stream().map(Known::asTable).toList()));
            assertThat(letter.history().queuesSinceRejection())
                    .as("seed %d, death %d", seed, i)
                    .isEqualTo(cyclic());
            assertThat(last(headers)).isEqualTo(List.of(exchange, queue, reason.text()));
            if (to.routingKey() != null) {
                keys = new ArrayList<>(List.of(to.routingKey()));
            }
            exchange = to.exchange();
            expiration = null;
        }
    }

    private void die(Known death) {
        for (Known known : model) {
            if (known.queue.equals(death.queue) && known.reason == death.reason) {
                known.count++;
                model.remove(known);
                model.add(0, known);
                return;
            }
        }
        model.add(0, death);
    }

    /** By the words of the rule, queue by queue. */
    private Set<String> cyclic() {
        Set<String> cyclic = new HashSet<>();
        for (Known candidate : model) {
            boolean rejected = false;
            for (Known death : model) {
                rejected |= death.reason == DeathReason.REJECTED;
                if (death.queue.equals(candidate.queue)) {
                    break;
                }
            }
            if (!rejected) {
                cyclic.add(candidate.queue);
            }
        }
        return cyclic;
    }

    private static List<String> last(FieldTable headers) {
        return List.of("exchange", "queue", "reason").stream()
                .map(what -> Objects.requireNonNull(headers.get("x-last-death-" + what))
                        .asString())
                .toList();
    }

    private static Message message(String exchange, List<String> cc, List<String> bcc, @Nullable String expiration) {
        BasicProperties.Builder properties = BasicProperties.builder().expiration(expiration);
        if (!cc.isEmpty()) {
            properties.headers(FieldTable.builder()
                    .put("CC", FieldValue.of(cc.stream().map(FieldValue::of).toList()))
                    .build());
        }
        Message message = Messages.of(exchange, "k0", properties.build(), "body");
        return bcc.isEmpty() ? message : message.withBccKeys(bcc);
    }
}
