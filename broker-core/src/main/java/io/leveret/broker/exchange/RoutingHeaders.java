package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers CC and BCC, RabbitMQ's sender-selected distribution: more routing keys for one message. */
public final class RoutingHeaders {
    public static final String CC = "CC";
    /** Stays behind when the message is published. */
    public static final String BCC = "BCC";

    private RoutingHeaders() {}

    /**
     * The keys in CC and then in BCC. Elements that are not a {@code longstr} are skipped, as in RabbitMQ.
     *
     * @return null if there are none
     * @throws AmqpError 406 if one of the headers is not an array
     */
    public static @Nullable List<String> extraKeys(FieldTable headers) {
        FieldValue cc = headers.get(CC);
        FieldValue bcc = headers.get(BCC);
        if (cc == null && bcc == null) {
            return null;
        }
        List<String> keys = new ArrayList<>();
        addKeys(CC, cc, keys);
        addKeys(BCC, bcc, keys);
        return keys.isEmpty() ? null : keys;
    }

    /**
     * The keys in one of the two headers, as a list of the caller's own.
     *
     * @param header {@link #CC} or {@link #BCC}
     * @throws AmqpError 406 if the header is not an array
     */
    public static List<String> keys(String header, FieldTable headers) {
        List<String> keys = new ArrayList<>();
        addKeys(header, headers.get(header), keys);
        return keys;
    }

    private static void addKeys(String header, @Nullable FieldValue value, List<String> keys) {
        if (value == null) {
            return;
        }
        if (value.tag() != 'A') {
            throw AmqpError.preconditionFailed(
                    "invalid message: {unacceptable_type_in_header,\"" + header + "\"," + value.typeName() + "}");
        }
        for (FieldValue key : value.asArray()) {
            if (key.isLongString()) {
                keys.add(key.asString());
            }
        }
    }
}
