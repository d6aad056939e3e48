package io.leveret.broker.message;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.text.Utf8;
import java.math.BigInteger;

/** The expiration property: a time to live in milliseconds, written as text. */
public final class Expiration {
    /** The longest time to live that RabbitMQ takes: ten years of 365 days. */
    public static final long MAX_MILLIS = 315_360_000_000L;

    private static final BigInteger MAX = BigInteger.valueOf(MAX_MILLIS);

    private Expiration() {}

    /**
     * The time to live of a message that was checked when it was published.
     *
     * @return milliseconds; -1 for a message without the property
     */
    public static long millisOf(Message message) {
        if (!message.hasExpiration()) {
            return -1;
        }
        var properties = new PropertyScanner();
        properties.scan(message.data(), message.propertiesOffset(), message.propertiesLength());
        int offset = properties.expirationOffset();
        return offset < 0 ? -1 : parseMillis(Utf8.decode(message.data(), offset, properties.expirationLength()));
    }

    /**
     * Reads the property as RabbitMQ does when a message is published (rabbit_basic:parse_expiration/1): an optional
     * sign, decimal digits, nothing else.
     *
     * @return milliseconds, 0 to {@link #MAX_MILLIS}
     * @throws AmqpError 406 with RabbitMQ's wording if it is anything else
     */
    public static long parseMillis(String expiration) {
        int digits = !expiration.isEmpty() && "+-".indexOf(expiration.charAt(0)) >= 0 ? 1 : 0;
        int end = digits;
        while (end < expiration.length() && isDigit(expiration.charAt(end))) {
            end++;
        }
        if (end == digits) {
            throw invalid(expiration, "no_integer");
        }
        if (end < expiration.length()) {
            throw invalid(expiration, "{leftover_string," + erlangString(expiration.substring(end)) + "}");
        }
        var millis = new BigInteger(expiration);
        if (millis.signum() < 0) {
            throw invalid(expiration, "{value_negative," + millis + "}");
        }
        if (millis.compareTo(MAX) > 0) {
            throw invalid(expiration, "{value_too_large," + millis + "}");
        }
        return millis.longValue();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static AmqpError invalid(String expiration, String reason) {
        return AmqpError.preconditionFailed("invalid expiration '" + expiration + "': " + reason);
    }

    /** A list of bytes as Erlang prints it: in quotes when all are printable Latin-1, otherwise as numbers. */
    private static String erlangString(String text) {
        byte[] bytes = Utf8.encode(text);
        var quoted = new StringBuilder("\"");
        var numbers = new StringBuilder("[");
        boolean printable = true;
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            int escape = "\"\\\n\t\r\b\f\u000B\u001B".indexOf(c);
            if (escape >= 0) {
                quoted.append('\\').append("\"\\ntrbfve".charAt(escape));
            } else {
                quoted.append(c);
                printable &= c >= ' ' && c < 0x7F || c >= 0xA0;
            }
            numbers.append(numbers.length() == 1 ? "" : ",").append((int) c);
        }
        return printable ? quoted.append('"').toString() : numbers.append(']').toString();
    }
}
