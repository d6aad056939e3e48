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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LetterWriterTests {
    private static final DeadLettering KEYS_AS_THEY_WERE = new DeadLettering("dlx", null);
    private static final DeadLettering KEY_REPLACED = new DeadLettering("dlx", "dead");

    private final LetterWriter writer = new LetterWriter();

    @ParameterizedTest
    @EnumSource
    void tellsOfTheFirstDeath(DeathReason reason) {
        Message message = Messages.of("e", "k", BasicProperties.EMPTY, "body");
        Message letter = write(message, "q", reason, KEYS_AS_THEY_WERE, 77);
        assertThat(fields(letter))
                .containsExactly(
                        Map.entry("x-death", FieldValue.of(List.of(death(1, reason, "q", 77, "e", "k")))),
                        text("x-first-death-exchange", "e"),
                        text("x-first-death-queue", "q"),
                        text("x-first-death-reason", reason.text()),
                        text("x-last-death-exchange", "e"),
                        text("x-last-death-queue", "q"),
                        text("x-last-death-reason", reason.text()));
        assertThat(letter.exchange()).isEqualTo("dlx");
        assertThat(letter.routingKey()).isEqualTo("k");
        assertThat(Messages.body(letter)).isEqualTo("body");
        assertThat(letter.hasDeaths()).isTrue();
    }

    @Test
    void writesTheFieldsOfADeathInRabbitsOrder() {
        Message message = Messages.of(
                "e", "k", BasicProperties.builder().expiration("+060").build(), "body");
        Message letter = write(message, "q", DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 77);
        FieldTable first = (FieldTable) deaths(letter).get(0).value();
        assertThat(first).isNotNull();
        assertThat(first.asMap().keySet())
                .containsExactly("original-expiration", "count", "reason", "queue", "time", "exchange", "routing-keys");
        assertThat(first.asMap().values().stream().map(FieldValue::tag))
                .containsExactly('S', 'l', 'S', 'S', 'T', 'S', 'A');
        assertThat(first.get("original-expiration")).isEqualTo(FieldValue.of("60"));
    }

    @ParameterizedTest
    @EnumSource
    void takesTheExpirationAwayAndNothingElse(DeathReason reason) {
        BasicProperties properties = BasicProperties.builder()
                .contentType("text/plain")
                .contentEncoding("gzip")
                .headers(FieldTable.builder()
                        .put("zebra", FieldValue.of(1))
                        .put("CC", FieldValue.of(List.of()))
                        .put(
                                "table",
                                FieldValue.of(FieldTable.builder()
                                        .put("b", FieldValue.of(true))
                                        .put("a", new FieldValue('V', null))
                                        .build()))
                        .build())
                .deliveryMode(2)
                .priority(200)
                .correlationId("correlation")
                .replyTo("reply")
                .expiration("1000")
                .messageId("message")
                .timestamp(1_700_000_000L)
                .type("type")
                .userId("user")
                .appId("app")
                .clusterId("cluster")
                .build();
        Message message = Messages.of("e", "k", properties, "body").withExpiration();
        Message letter = write(message, "q", reason, KEY_REPLACED, 77);
        BasicProperties written = Messages.properties(letter);
        assertThat(written.toBuilder().headers(null).build())
                .isEqualTo(properties.toBuilder().headers(null).expiration(null).build());
        assertThat(written.headers()).isNotNull();
        assertThat(written.headers().asMap().keySet())
                .containsExactly(
                        "CC",
                        "table",
                        "x-death",
                        "x-first-death-exchange",
                        "x-first-death-queue",
                        "x-first-death-reason",
                        "x-last-death-exchange",
                        "x-last-death-queue",
                        "x-last-death-reason",
                        "zebra");
        assertThat(properties.headers()).isNotNull();
        assertThat(written.headers().asMap())
                .containsAllEntriesOf(properties.headers().asMap());
        assertThat(letter.isPersistent()).isTrue();
        assertThat(letter.priority()).isEqualTo(200);
        assertThat(letter.hasExpiration()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 2", "true, ", "false, "})
    void copesWithAnySinglePropertyAroundTheHeaders(boolean expiring, @Nullable Integer mode) {
        for (int property = 0; property < 6; property++) {
            BasicProperties.Builder each = BasicProperties.builder().deliveryMode(mode);
            switch (property) {
                case 0 -> each.contentType("t");
                case 1 -> each.contentEncoding("e");
                case 2 -> each.headers(FieldTable.EMPTY);
                case 3 -> each.messageId("m");
                case 4 -> each.clusterId("c");
                default -> {}
            }
            BasicProperties wanted = each.build();
            Message message =
                    Messages.of("e", "k", expiring ? each.expiration("0").build() : wanted, "body");
            Message letter = write(message, "q", DeathReason.MAXLEN, KEYS_AS_THEY_WERE, 77);
            BasicProperties written = Messages.properties(letter);
            assertThat(written.toBuilder().headers(wanted.headers()).build()).isEqualTo(wanted);
            assertThat(Messages.body(letter)).isEqualTo("body");
            assertThat(letter.isPersistent()).isEqualTo(mode != null && mode == 2);
        }
    }

    @Test
    void countsARepeatedDeathAndPutsItFirst() {
        Message message =
                Messages.of("e", "k", BasicProperties.builder().expiration("5").build(), "body");
        Message letter = write(message, "q", DeathReason.EXPIRED, KEY_REPLACED, 1);
        letter = write(letter, "q2", DeathReason.REJECTED, new DeadLettering("dlx2", "other"), 2);
        letter = write(letter, "q", DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 3);
        FieldTable first = FieldTable.builder()
                .put("original-expiration", FieldValue.of("5"))
                .put("count", FieldValue.of(2L))
                .put("reason", FieldValue.of("expired"))
                .put("queue", FieldValue.of("q"))
                .put("time", FieldValue.timestamp(1))
                .put("exchange", FieldValue.of("e"))
                .put("routing-keys", FieldValue.of(List.of(FieldValue.of("k"))))
                .build();
        assertThat(deaths(letter))
                .containsExactly(FieldValue.of(first), death(1, DeathReason.REJECTED, "q2", 2, "dlx", "dead"));
        assertThat(headers(letter).asMap())
                .contains(
                        text("x-first-death-exchange", "e"),
                        text("x-first-death-queue", "q"),
                        text("x-first-death-reason", "expired"),
                        text("x-last-death-exchange", "dlx2"),
                        text("x-last-death-queue", "q"),
                        text("x-last-death-reason", "expired"));
        assertThat(letter.routingKey()).isEqualTo("other");
    }

    @Test
    void tellsDeathsOfOneQueueForDifferentReasonsApart() {
        Message letter = Messages.of("e", "k", BasicProperties.EMPTY, "body");
        for (DeathReason reason : DeathReason.values()) {
            letter = write(letter, "q", reason, KEYS_AS_THEY_WERE, 1);
        }
        assertThat(deaths(letter))
                .extracting(death -> ((FieldTable) death.value()).get("reason").asString())
                .containsExactly("maxlen", "expired", "rejected");
    }

    @Test
    void recordsTheKeysOfCcButNotThoseOfBcc() {
        Message letter = write(copied("k", "bcc"), "q", DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 1);
        assertThat(deaths(letter)).containsExactly(death(1, DeathReason.EXPIRED, "q", 1, "e", "k", "cc", "bcc2"));
        assertThat(letter.routingKey()).isEqualTo("k");
        assertThat(letter.isRoutedByKeyAlone()).isFalse();
        assertThat(letter.bccKeys()).containsExactly("bcc");
        assertThat(headers(letter).get("CC")).isNotNull();
        letter = write(letter, "q2", DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 2);
        assertThat(deaths(letter).get(0)).isEqualTo(death(1, DeathReason.EXPIRED, "q2", 2, "dlx", "k", "cc", "bcc2"));
    }

    @Test
    void takesKeysOfBccOutOnceForEachTimeTheyStandThere() {
        Message letter = write(copied("k", "cc", "k"), "q", DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 1);
        assertThat(deaths(letter)).containsExactly(death(1, DeathReason.EXPIRED, "q", 1, "e", "bcc2", "cc", "k"));
    }

    @Test
    void aReplacedKeyIsTheOnlyOneFromThenOn() {
        Message letter = write(copied("k", "bcc"), "q", DeathReason.EXPIRED, KEY_REPLACED, 1);
        assertThat(letter.routingKey()).isEqualTo("dead");
        assertThat(letter.isRoutedByKeyAlone()).isTrue();
        assertThat(headers(letter).get("CC")).isNotNull();
        letter = write(letter, "q2", DeathReason.REJECTED, KEYS_AS_THEY_WERE, 2);
        assertThat(deaths(letter).get(0)).isEqualTo(death(1, DeathReason.REJECTED, "q2", 2, "dlx", "dead"));
        assertThat(letter.routingKey()).isEqualTo("dead");
        assertThat(letter.isRoutedByKeyAlone()).isTrue();
    }

    @Test
    void replacesHeadersOfThatNameThatThePublisherWrote() {
        FieldTable published = FieldTable.builder()
                .put("x-last-death-queue", FieldValue.of("mine"))
                .put("x-death", FieldValue.of(List.of(death(9, DeathReason.EXPIRED, "q", 1, "e", "k"))))
                .put("x-first-death-reason", FieldValue.of("mine"))
                .build();
        Message message = Messages.of(
                "e", "k", BasicProperties.builder().headers(published).build(), "body");
        Message letter = write(message, "q", DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 5);
        assertThat(deaths(letter)).containsExactly(death(1, DeathReason.EXPIRED, "q", 5, "e", "k"));
        assertThat(headers(letter).get("x-last-death-queue")).isEqualTo(FieldValue.of("q"));
        assertThat(headers(letter).get("x-first-death-reason")).isEqualTo(FieldValue.of("expired"));
        assertThat(headers(letter).asMap()).hasSize(7);
    }

    @Test
    void keepsNamesThatAreNotText() {
        String name = "caf\u00e9 \udcff";
        Message message = Messages.of("e", "k", BasicProperties.EMPTY, "body");
        Message letter = write(message, name, DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 5);
        letter = write(letter, name, DeathReason.EXPIRED, KEYS_AS_THEY_WERE, 6);
        assertThat(deaths(letter)).containsExactly(death(2, DeathReason.EXPIRED, name, 5, "e", "k"));
    }

    @Test
    void cutsAReplacedKeyThatNoDeliveryCouldCarry() {
        DeadLettering to = new DeadLettering("dlx", "k".repeat(300));
        Message message = Messages.of("e", "k", BasicProperties.EMPTY, "body");
        Message letter = write(message, "q", DeathReason.EXPIRED, to, 5);
        assertThat(letter.routingKey()).isEqualTo("k".repeat(255));
        assertThat(Messages.body(letter)).isEqualTo("body");
    }

    private Message copied(String key, String... bcc) {
        FieldTable headers = FieldTable.builder()
                .put("CC", FieldValue.of(List.of(FieldValue.of("cc"), FieldValue.of(5), FieldValue.of("bcc2"))))
                .build();
        return Messages.of("e", key, BasicProperties.builder().headers(headers).build(), "body")
                .withBccKeys(List.of(bcc));
    }

    private Message write(Message message, String queue, DeathReason reason, DeadLettering to, long seconds) {
        return writer.write(message, queue, reason, to, seconds).message();
    }

    private static FieldValue death(
            long count, DeathReason reason, String queue, long seconds, String exchange, String... keys) {
        List<FieldValue> routingKeys =
                new ArrayList<>(Arrays.stream(keys).map(FieldValue::of).toList());
        return FieldValue.of(FieldTable.builder()
                .put("count", FieldValue.of(count))
                .put("reason", FieldValue.of(reason.text()))
                .put("queue", FieldValue.of(queue))
                .put("time", FieldValue.timestamp(seconds))
                .put("exchange", FieldValue.of(exchange))
                .put("routing-keys", FieldValue.of(routingKeys))
                .build());
    }

    private static Map.Entry<String, FieldValue> text(String key, String text) {
        return Map.entry(key, FieldValue.of(text));
    }

    private static List<FieldValue> deaths(Message letter) {
        FieldValue deaths = headers(letter).get("x-death");
        return deaths == null ? List.of() : deaths.asArray();
    }

    private static List<Map.Entry<String, FieldValue>> fields(Message letter) {
        return List.copyOf(headers(letter).asMap().entrySet());
    }

    private static FieldTable headers(Message letter) {
        FieldTable headers = Messages.properties(letter).headers();
        return headers == null ? FieldTable.EMPTY : headers;
    }
}
