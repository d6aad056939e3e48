package io.leveret.broker.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PropertyScannerTests {
    private static final BasicProperties INTERESTING = BasicProperties.builder()
            .contentType("text/plain")
            .headers(FieldTable.builder()
                    .put("C", FieldValue.of(FieldTable.EMPTY.with("CC", FieldValue.of(1))))
                    .put("CC", FieldValue.of(List.of(FieldValue.of("a"))))
                    .put("CCC", FieldValue.of("b"))
                    .build())
            .deliveryMode(2)
            .priority(255)
            .replyTo("queue")
            .expiration("60000")
            .messageId("id")
            .timestamp(1L)
            .userId("guest")
            .appId("app")
            .build();

    private final PropertyScanner scanner = new PropertyScanner();

    @Test
    void answersNothingWithoutProperties() {
        scan(INTERESTING.toBytes());
        scan(BasicProperties.EMPTY.toBytes());
        assertAnswersNothing();
    }

    @Test
    void findsWhatThePublishLooksAt() {
        byte[] bytes = INTERESTING.toBytes();
        scan(bytes);
        assertThat(scanner.deliveryMode()).isEqualTo(2);
        assertThat(scanner.priority()).isEqualTo(255);
        assertThat(text(bytes, scanner.replyToOffset(), scanner.replyToLength()))
                .isEqualTo("queue");
        assertThat(text(bytes, scanner.expirationOffset(), scanner.expirationLength()))
                .isEqualTo("60000");
        assertThat(text(bytes, scanner.userIdOffset(), scanner.userIdLength())).isEqualTo("guest");
        assertThat(FieldTable.read(bytes, scanner.headersOffset(), scanner.headersLength()))
                .isEqualTo(INTERESTING.headers());
    }

    @Test
    void tellsEmptyTextsAndHeadersFromAbsentOnes() {
        scan(BasicProperties.builder()
                .headers(FieldTable.EMPTY)
                .expiration("")
                .build()
                .toBytes());
        assertThat(scanner.headersLength()).isZero();
        assertThat(scanner.expirationLength()).isZero();
        assertThat(scanner.replyToLength()).isEqualTo(-1);
        assertThat(scanner.findHeader(key("CC"))).isEqualTo(-1);
    }

    @Test
    void findsAHeaderByItsWholeName() {
        byte[] bytes = INTERESTING.toBytes();
        scan(bytes);
        assertThat(bytes[scanner.findHeader(key("C"))]).isEqualTo((byte) 'F');
        assertThat(bytes[scanner.findHeader(key("CC"))]).isEqualTo((byte) 'A');
        assertThat(bytes[scanner.findHeader(key("CCC"))]).isEqualTo((byte) 'S');
        assertThat(scanner.findHeader(key("BCC"))).isEqualTo(-1);
        assertThat(scanner.findHeader(key(""))).isEqualTo(-1);
    }

    @Test
    void scansFromTheMiddleOfAnArray() {
        byte[] bytes = INTERESTING.toBytes();
        byte[] data = new byte[bytes.length + 12];
        Arrays.fill(data, (byte) 0xFF);
        System.arraycopy(bytes, 0, data, 9, bytes.length);
        scanner.scan(data, 9, bytes.length);
        assertThat(text(data, scanner.userIdOffset(), scanner.userIdLength())).isEqualTo("guest");
        assertThat(data[scanner.findHeader(key("CC"))]).isEqualTo((byte) 'A');
    }

    @Test
    void refusesPropertiesThatEndEarlyOrLate() {
        byte[] bytes = INTERESTING.toBytes();
        for (int length = 0; length <= bytes.length + 1; length++) {
            byte[] changed = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> scan(changed)).isInstanceOf(MalformedPropertiesException.class);
                assertAnswersNothing();
            }
        }
    }

    @Test
    void neverLeavesTheRangeWhateverTheBytes() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        byte[] original = INTERESTING.toBytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = original.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            boolean accepted = accepts(bytes);
            if (accepted) {
                assertThat(scanner.findHeader(key("no such header")))
                        .as("seed %d", seed)
                        .isEqualTo(-1);
            }
        }
    }

    private boolean accepts(byte[] bytes) {
        try {
            scan(bytes);
            return true;
        } catch (MalformedPropertiesException e) {
            return false;
        }
    }

    private void assertAnswersNothing() {
        assertThat(scanner.deliveryMode()).isZero();
        assertThat(scanner.priority()).isZero();
        assertThat(List.of(
                        scanner.headersOffset(),
                        scanner.headersLength(),
                        scanner.replyToOffset(),
                        scanner.replyToLength(),
                        scanner.expirationOffset(),
                        scanner.expirationLength(),
                        scanner.userIdOffset(),
                        scanner.userIdLength(),
                        scanner.findHeader(key("CC"))))
                .containsOnly(-1);
    }

    private void scan(byte[] bytes) {
        scanner.scan(bytes, 0, bytes.length);
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] data, int offset, int length) {
        return new String(data, offset, length, StandardCharsets.UTF_8);
    }
}
