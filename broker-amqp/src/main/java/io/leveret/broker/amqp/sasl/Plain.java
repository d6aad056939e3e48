package io.leveret.broker.amqp.sasl;

import io.leveret.broker.text.Utf8;

/**
 * The mechanism PLAIN of RFC 4616 as RabbitMQ reads it: NUL, name, NUL, password. An authorization identity, or a NUL
 * in the password, is malformed.
 */
final class Plain implements SaslMechanism {
    static final String NAME = "PLAIN";

    private final Login login;

    Plain(Login login) {
        this.login = login;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslResult start(byte[] response) {
        int separator = indexOfNul(response, 1);
        if (response.length == 0 || response[0] != 0 || separator < 0 || indexOfNul(response, separator + 1) >= 0) {
            return new SaslResult.Malformed("the response is not NUL, name, NUL, password");
        }
        String username = Utf8.decode(response, 1, separator - 1);
        String password = Utf8.decode(response, separator + 1, response.length - separator - 1);
        return login.authenticate(username, password);
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
