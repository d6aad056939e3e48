package io.leveret.broker.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageRecordTests {
    private static final BasicProperties PROPERTIES = BasicProperties.builder()
            .contentType("text/plain")
            .headers(FieldTable.builder().put("k", FieldValue.of(1)).build())
            .expiration("60000")
            .build();

    private static final Message PLAIN = Messages.of("exchange", "routing.key", PROPERTIES, "body");

    static List<Message> messages() {
        Message persistent = Messages.of(
                "e",
                "k",
                BasicProperties.builder().deliveryMode(2).priority(255).build(),
                "body");
        return List.of(
                PLAIN,
                persistent,
                Messages.of("", "", BasicProperties.EMPTY, ""),
                Messages.of("e".repeat(255), "k".repeat(255), PROPERTIES, "x".repeat(100_000)),
                PLAIN.withExpiration(),
                PLAIN.withDeaths(),
                persistent.withExpiration().withDeaths(),
                Messages.routedByKeyAlone(persistent),
                PLAIN.withBccKeys(List.of("one", "", "\uDCFF", "\u00e9")),
                PLAIN.withBccKeys(List.of("longer than a short string ".repeat(20), "after it")),
                PLAIN.withBccKeys(
                        IntStream.range(0, 70_000).mapToObj(i -> "" + i).toList()),
                Messages.routedByKeyAlone(persistent.withBccKeys(List.of("a"))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void bringsBackEverything(Message message) {
        ByteBuffer bytes = ByteBuffer.allocate(MessageRecord.length(message));
        MessageRecord.write(message, bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        Message read = MessageRecord.read(bytes.flip());
        assertThat(read.data()).isEqualTo(message.data());
        assertThat(read).usingRecursiveComparison().isEqualTo(message);
        assertThat(read.isPersistent()).isEqualTo(message.isPersistent());
        assertThat(read.hasExpiration()).isEqualTo(message.hasExpiration());
        assertThat(read.hasDeaths()).isEqualTo(message.hasDeaths());
        assertThat(read.isRoutedByKeyAlone()).isEqualTo(message.isRoutedByKeyAlone());
        assertThat(read.priority()).isEqualTo(message.priority());
        assertThat(read.bccKeys()).isEqualTo(message.bccKeys());
    }

    @Test
    void saysNothingOfAQueue() {
        Message queued = PLAIN.inQueue(1, 2);
        ByteBuffer bytes = ByteBuffer.allocate(MessageRecord.length(queued));
        MessageRecord.write(queued, bytes);
        Message read = MessageRecord.read(bytes.flip());
        assertThat(read.place()).isEqualTo(Message.NOWHERE);
        assertThat(read.deadlineMillis()).isEqualTo(Message.NEVER);
    }
}
