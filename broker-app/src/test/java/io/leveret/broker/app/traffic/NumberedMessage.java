package io.leveret.broker.app.traffic;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A message whose body and properties follow from who published it and its number, so that whoever receives it can tell
 * whether it is whole.
 */
record NumberedMessage(Lane lane, String publisher, int number) {
    private static final String PUBLISHER = "publisher";
    private static final String NUMBER = "number";
    private static final String CHECKSUM = "checksum";

    /** Headers that a broker adds to a dead letter. */
    private static final String DEATH = "x-death";

    private static final List<String> DEATHS = List.of(
            DEATH,
            "x-first-death-exchange",
            "x-first-death-queue",
            "x-first-death-reason",
            "x-last-death-exchange",
            "x-last-death-queue",
            "x-last-death-reason",
            "x-delivery-count");

    /** Reads it back; null when the message was not made here. */
    static @Nullable NumberedMessage of(Lane lane, AMQP.BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        if (headers == null
                || !(headers.get(PUBLISHER) instanceof LongString publisher)
                || !(headers.get(NUMBER) instanceof Integer number)) {
            return null;
        }
        return new NumberedMessage(lane, publisher.toString(), number);
    }

    boolean isPersistent() {
        return lane.transientEvery() == 0 || number % lane.transientEvery() != 0;
    }

    int priority() {
        return lane.maxPriority() == 0 ? 0 : Math.floorMod(number * 7, lane.maxPriority() + 1);
    }

    byte[] body() {
        SplittableRandom random = new SplittableRandom(publisher.hashCode() * 31L + number);
        int kind = random.nextInt(200);
        int size;
        if (kind < 150) {
            size = random.nextInt(10, 300);
        } else if (kind < 190) {
            size = random.nextInt(300, 8_000);
        } else if (kind < 199) {
            size = random.nextInt(8_000, 70_000);
        } else {
            size = random.nextInt(70_000, 300_000);
        }
        byte[] body = new byte[size];
        random.nextBytes(body);
        return body;
    }

    AMQP.BasicProperties properties(byte[] body) {
        CRC32 checksum = new CRC32();
        checksum.update(body);
        return new AMQP.BasicProperties.Builder()
                .contentType("application/octet-stream")
                .contentEncoding(number % 2 == 0 ? "identity" : null)
                .headers(Map.of(
                        PUBLISHER,
                        publisher,
                        NUMBER,
                        number,
                        CHECKSUM,
                        checksum.getValue(),
                        "nested",
                        Map.of("list", List.of(1, 2L, "three"), "flag", true)))
                .deliveryMode(isPersistent() ? 2 : 1)
                .priority(priority())
                .correlationId(publisher + "#" + number)
                .replyTo("nobody")
                .messageId(Integer.toString(number))
                .timestamp(new Date(1_700_000_000_000L + number * 1000L))
                .type("numbered")
                .appId("traffic")
                .build();
    }

    /** What is wrong with a message that says it is this one; null if it is whole. */
    @Nullable String damage(AMQP.BasicProperties properties, byte[] received, boolean letter) {
        byte[] body = body();
        if (!Arrays.equals(body, received)) {
            return "a body of " + received.length + " bytes where " + body.length
                    + " were published, first difference at " + Arrays.mismatch(body, received);
        }
        String expected = text(properties(body));
        String actual = text(properties);
        if (!expected.equals(actual)) {
            return "properties " + actual + " where they were " + expected;
        }
        boolean dead = properties.getHeaders().containsKey(DEATH);
        return dead == letter ? null : letter ? "no x-death" : "x-death";
    }

    private static String text(AMQP.BasicProperties properties) {
        return properties.builder().headers(null).build() + " with headers " + text(properties.getHeaders());
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((name, each) -> {
                if (!DEATHS.contains(name.toString())) {
                    sorted.put(name.toString(), text(each));
                }
            });
            return sorted.toString();
        }
        return value instanceof List<?> list
                ? list.stream().map(NumberedMessage::text).toList().toString()
                : value.toString();
    }

    @Override
    public String toString() {
        return publisher + "#" + number;
    }
}
