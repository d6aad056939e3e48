package io.leveret.broker.exchange.delayed;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The header {@code x-delay}: milliseconds, as an integer, a number with a fraction or text. */
final class Delay {
    private static final String HEADER = "x-delay";
    /** 2^32 - 1, the longest timer of Erlang, 49 days. */
    static final long MAX_MILLIS = 4_294_967_295L;

    private static final int LONGEST_TEXT = 20;

    private Delay() {}

    /** How long a message with these headers has to wait; 0 if it has not, or asks for what can't be. */
    static long millis(FieldTable headers) {
        FieldValue value = headers.get(HEADER);
        long millis = value == null ? 0 : number(value);
        return millis > MAX_MILLIS ? 0 : Math.max(millis, 0);
    }

    private static long number(FieldValue value) {
        @Nullable Object content = value.value();
        if (value.isInteger()) {
            return value.asLong();
        }
        if (content instanceof Float || content instanceof Double || content instanceof BigDecimal) {
            return ((Number) content).longValue();
        }
        return value.isLongString() ? parse(value.asString()) : 0;
    }

    private static long parse(String text) {
        try {
            return text.length() > LONGEST_TEXT ? 0 : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    /** The message as it goes on: its delay is negative now, so that it is not held back again but can still be seen. */
    static Message over(Message message, long millis) {
        long negative = -millis;
        return message.withHeader(
                HEADER, (int) negative == negative ? FieldValue.of((int) negative) : FieldValue.of(negative));
    }
}
