package io.leveret.broker.amqp.sasl;

import io.leveret.broker.text.Utf8;

/**
 * RabbitMQ's mechanism RABBIT-CR-DEMO, which shows clients a second step: first the name, then the password on demand.
 */
final class ChallengeResponseDemo implements SaslMechanism {
    static final String NAME = "RABBIT-CR-DEMO";

    private static final String CHALLENGE = "Please tell me your password";
    private static final String PASSWORD_PREFIX = "My password is ";

    private final Login login;
    private String username = "";

    ChallengeResponseDemo(Login login) {
        this.login = login;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslResult start(byte[] response) {
        username = Utf8.decode(response, 0, response.length);
        return new SaslResult.Challenge(Utf8.encode(CHALLENGE));
    }

    @Override
    public SaslResult secureOk(byte[] response) {
        String text = Utf8.decode(response, 0, response.length);
        return text.startsWith(PASSWORD_PREFIX)
                ? login.authenticate(username, text.substring(PASSWORD_PREFIX.length()))
                : new SaslResult.Malformed("the response does not begin with '" + PASSWORD_PREFIX + "'");
    }
}
