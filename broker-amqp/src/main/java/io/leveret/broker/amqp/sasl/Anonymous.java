package io.leveret.broker.amqp.sasl;

/** The mechanism ANONYMOUS: whatever the client sends, it becomes the configured user. */
final class Anonymous implements SaslMechanism {
    static final String NAME = "ANONYMOUS";

    private final Login login;
    private final String user;
    private final String password;

    Anonymous(Login login, String user, String password) {
        this.login = login;
        this.user = user;
        this.password = password;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslResult start(byte[] response) {
        return login.authenticate(user, password);
    }
}
