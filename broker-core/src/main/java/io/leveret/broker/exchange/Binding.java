package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.text.Utf8;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * A way from an exchange to a queue or to another exchange. Two bindings are the same if all four parts are: source and
 * destination by identity, arguments as a set without order but with their type tags, as in RabbitMQ.
 *
 * @param routingKey the binding key, possibly empty
 */
public record Binding(Exchange source, Destination destination, String routingKey, FieldTable arguments) {

    /**
     * The name of this binding among those with the same source and destination, as RabbitMQ's HTTP API makes it
     * (rabbit_mgmt_format: pack_binding_props): {@code ~} with neither key nor arguments, else the URL-encoded key,
     * followed by {@code ~} and a hash of the arguments if there are any. The hash has the shape of RabbitMQ's, 32 bits
     * in URL-safe Base64, but not its value, which is Erlang's {@code phash2}: clients take it from a listing.
     */
    public String propertiesKey() {
        String key = urlEncoded(routingKey);
        if (arguments.isEmpty()) {
            return key.isEmpty() ? "~" : key;
        }
        return key + "~" + hashOfArguments();
    }

    private String hashOfArguments() {
        FieldTable sorted = FieldTable.of(new TreeMap<>(arguments.asMap()));
        CRC32 crc = new CRC32();
        crc.update(Utf8.encode(ErlangTerm.print(FieldValue.of(sorted))));
        byte[] hash = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private static String urlEncoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : Utf8.encode(text)) {
            char character = (char) (octet & 0xFF);
            if (character < 128 && (Character.isLetterOrDigit(character) || "-._".indexOf(character) >= 0)) {
                encoded.append(character);
            } else if (character == ' ') {
                encoded.append('+');
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    @Override
    public String toString() {
        return "binding from '" + source.name() + "' to '" + destination.name() + "' with key '" + routingKey + "'";
    }
}
