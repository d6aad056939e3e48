package io.leveret.broker.amqp.sasl;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.MalformedTableException;
import io.leveret.broker.text.Utf8;
import org.jspecify.annotations.Nullable;

/** AMQP's older mechanism AMQPLAIN: a field table, without the length in front, with LOGIN and PASSWORD. */
final class AmqPlain implements SaslMechanism {
    static final String NAME = "AMQPLAIN";

    private final Login login;

    AmqPlain(Login login) {
        this.login = login;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslResult start(byte[] response) {
        FieldTable table;
        try {
            table = FieldTable.read(response, 0, response.length);
        } catch (MalformedTableException e) {
            return new SaslResult.Malformed("the response is not a field table");
        }
        String username = text(table.get("LOGIN"));
        String password = text(table.get("PASSWORD"));
        return username == null || password == null
                ? new SaslResult.Malformed("the response lacks LOGIN or PASSWORD, or one is not a string")
                : login.authenticate(username, password);
    }

    private static @Nullable String text(@Nullable FieldValue field) {
        if (field == null) {
            return null;
        }
        if (field.value() instanceof byte[] bytes) {
            return Utf8.decode(bytes, 0, bytes.length);
        }
        return field.value() instanceof String text ? text : null;
    }
}
