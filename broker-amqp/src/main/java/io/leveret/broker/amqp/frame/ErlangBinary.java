package io.leveret.broker.amqp.frame;

import io.leveret.broker.text.Utf8;
import java.io.ByteArrayOutputStream;

/** Octets as RabbitMQ's error texts print them, an Erlang binary: {@code <<1,2,3>>}, or as text when all is printable. */
public final class ErlangBinary {
    private static final int FIRST_UPPER_LATIN = 160;
    private static final String ESCAPED = "\b\t\n\u000B\f\r\u001B\"\\";
    private static final String ESCAPES = "btnvfre\"\\";

    private ErlangBinary() {}

    public static String of(byte[] octets) {
        return octets.length > 0 && isPrintable(octets) ? asText(octets) : asNumbers(octets);
    }

    private static String asNumbers(byte[] octets) {
        StringBuilder text = new StringBuilder("<<");
        for (int i = 0; i < octets.length; i++) {
            text.append(i == 0 ? "" : ",").append(octets[i] & 0xFF);
        }
        return text.append(">>").toString();
    }

    private static String asText(byte[] octets) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(octets.length + 2);
        for (byte octet : octets) {
            int escape = ESCAPED.indexOf(octet);
            if (escape >= 0) {
                text.write('\\');
                text.write(ESCAPES.charAt(escape));
            } else {
                text.write(octet);
            }
        }
        byte[] bytes = text.toByteArray();
        return "<<\"" + Utf8.decode(bytes, 0, bytes.length) + "\">>";
    }

    /** What Erlang's printer takes for a character of Latin-1; it writes it as the one byte it is. */
    private static boolean isPrintable(byte[] octets) {
        for (byte octet : octets) {
            int code = octet & 0xFF;
            boolean graphic = code >= ' ' && code <= '~' || code >= FIRST_UPPER_LATIN;
            if (!graphic && ESCAPED.indexOf(code) < 0) {
                return false;
            }
        }
        return true;
    }
}
