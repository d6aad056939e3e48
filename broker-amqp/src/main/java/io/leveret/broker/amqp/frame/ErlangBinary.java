package io.leveret.broker.amqp.frame;

/** Octets as RabbitMQ's error texts print them, an Erlang binary: {@code <<1,2,3>>}, or as text when all is printable. */
public final class ErlangBinary {
    private ErlangBinary() {}

    public static String of(byte[] octets) {
        if (octets.length > 0 && isPrintable(octets)) {
            return "<<\"" + new String(octets, java.nio.charset.StandardCharsets.ISO_8859_1) + "\">>";
        }
        StringBuilder text = new StringBuilder("<<");
        for (int i = 0; i < octets.length; i++) {
            text.append(i == 0 ? "" : ",").append(octets[i] & 0xFF);
        }
        return text.append(">>").toString();
    }

    private static boolean isPrintable(byte[] octets) {
        for (byte octet : octets) {
            if (octet < ' ' || octet > '~') {
                return false;
            }
        }
        return true;
    }
}
