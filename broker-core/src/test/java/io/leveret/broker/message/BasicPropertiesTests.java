package io.leveret.broker.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BasicPropertiesTests {
    private static final BasicProperties ALL = BasicProperties.builder()
            .contentType("text/plain")
            .contentEncoding("gzip")
            .headers(FieldTable.EMPTY.with("k", FieldValue.of("v")))
            .deliveryMode(2)
            .priority(9)
            .correlationId("c")
            .replyTo("r")
            .expiration("1000")
            .messageId("m")
            .timestamp(1_700_000_000L)
            .type("t")
            .userId("guest")
            .appId("a")
            .clusterId("")
            .build();

    @Test
    void readsAndWritesEveryProperty() {
        byte[] bytes = ALL.toBytes();
        assertThat(bytes).startsWith(0xFF, 0xFC);
        assertThat(read(bytes)).isEqualTo(ALL);
        assertThat(ALL.toBuilder().build()).isEqualTo(ALL);
    }

    @Test
    void writesTheBytesOfTheProtocol() {
        BasicProperties properties = BasicProperties.builder()
                .contentType("a")
                .deliveryMode(2)
                .expiration("7")
                .build();
        assertThat(properties.toBytes()).isEqualTo(HexFormat.of().parseHex("9100" + "0161" + "02" + "0137"));
    }

    @Test
    void keepsApartWhatIsAbsentAndWhatIsEmpty() {
        BasicProperties empty =
                BasicProperties.builder().headers(FieldTable.EMPTY).replyTo("").build();
        assertThat(read(empty.toBytes())).isEqualTo(empty).isNotEqualTo(BasicProperties.EMPTY);
        assertThat(read(BasicProperties.EMPTY.toBytes())).isEqualTo(BasicProperties.EMPTY);
    }

    @Test
    void ignoresTheTwoLowestFlags() {
        byte[] bytes = {0x10, 0x03, 2};
        assertThat(read(bytes).deliveryMode()).isEqualTo(2);
        assertThat(read(bytes).toBytes()).isEqualTo(new byte[] {0x10, 0x00, 2});
    }

    @Test
    void readsEveryCombinationOfFlags() {
        for (int flags = 0; flags < 1 << 14; flags++) {
            BasicProperties properties = properties(flags);
            byte[] bytes = properties.toBytes();
            assertThat(read(bytes)).isEqualTo(properties);
            assertThat(bytes).startsWith(flags >> 6, flags << 2);
        }
    }

    @Test
    void refusesPropertiesThatEndEarlyOrLate() {
        byte[] bytes = ALL.toBytes();
        for (int length = 0; length <= bytes.length + 1; length++) {
            byte[] changed = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> read(changed)).isInstanceOf(MalformedPropertiesException.class);
            }
        }
    }

    @Test
    void readsRandomHeadersFromTheMiddleOfAnArray() {
        long seed = new Random().nextLong();
        var tables = new RandomTables(seed);
        for (int i = 0; i < 100; i++) {
            BasicProperties properties = BasicProperties.builder()
                    .headers(tables.table(3))
                    .correlationId(tables.text(255))
                    .build();
            byte[] bytes = properties.toBytes();
            byte[] data = new byte[bytes.length + 10];
            System.arraycopy(bytes, 0, data, 5, bytes.length);
            assertThat(BasicProperties.read(data, 5, bytes.length))
                    .as("seed %d", seed)
                    .isEqualTo(properties);
        }
    }

    private static BasicProperties properties(int flags) {
        var properties = BasicProperties.builder();
        if ((flags & 1 << 13) != 0) {
            properties.contentType(ALL.contentType());
        }
        if ((flags & 1 << 12) != 0) {
            properties.contentEncoding(ALL.contentEncoding());
        }
        if ((flags & 1 << 11) != 0) {
            properties.headers(ALL.headers());
        }
        if ((flags & 1 << 10) != 0) {
            properties.deliveryMode(ALL.deliveryMode());
        }
        if ((flags & 1 << 9) != 0) {
            properties.priority(ALL.priority());
        }
        if ((flags & 1 << 8) != 0) {
            properties.correlationId(ALL.correlationId());
        }
        if ((flags & 1 << 7) != 0) {
            properties.replyTo(ALL.replyTo());
        }
        if ((flags & 1 << 6) != 0) {
            properties.expiration(ALL.expiration());
        }
        if ((flags & 1 << 5) != 0) {
            properties.messageId(ALL.messageId());
        }
        if ((flags & 1 << 4) != 0) {
            properties.timestamp(ALL.timestamp());
        }
        if ((flags & 1 << 3) != 0) {
            properties.type(ALL.type());
        }
        if ((flags & 1 << 2) != 0) {
            properties.userId(ALL.userId());
        }
        if ((flags & 1 << 1) != 0) {
            properties.appId(ALL.appId());
        }
        if ((flags & 1) != 0) {
            properties.clusterId(ALL.clusterId());
        }
        return properties.build();
    }

    private static BasicProperties read(byte[] bytes) {
        return BasicProperties.read(bytes, 0, bytes.length);
    }
}
