package io.leveret.broker.amqp.sasl;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.auth.Users;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The SASL mechanisms a broker offers. Immutable; used by any thread. */
public final class SaslMechanisms {
    private static final List<String> DEFAULT = List.of(Plain.NAME, AmqPlain.NAME, Anonymous.NAME);

    private final BrokerConfig config;
    private final Users users;
    private final List<String> names;

    private SaslMechanisms(BrokerConfig config, Users users, List<String> names) {
        this.config = config;
        this.users = users;
        this.names = names;
    }

    /** RabbitMQ's default list: PLAIN, AMQPLAIN, and ANONYMOUS if there is an anonymous user. */
    public static SaslMechanisms of(BrokerConfig config, Users users) {
        return of(config, users, DEFAULT);
    }

    /**
     * Another list, in the order to offer it; ANONYMOUS is left out when there is no anonymous user.
     *
     * @throws IllegalArgumentException when a name is none of PLAIN, AMQPLAIN, ANONYMOUS, RABBIT-CR-DEMO
     */
    public static SaslMechanisms of(BrokerConfig config, Users users, List<String> names) {
        for (String name : names) {
            if (!DEFAULT.contains(name) && !name.equals(ChallengeResponseDemo.NAME)) {
                throw new IllegalArgumentException("unknown SASL mechanism '" + name + "'");
            }
        }
        boolean anonymous = !config.anonymousUser().isEmpty();
        return new SaslMechanisms(
                config,
                users,
                names.stream()
                        .filter(name -> anonymous || !name.equals(Anonymous.NAME))
                        .toList());
    }

    /** The names for {@code connection.start}, separated by spaces. */
    public String offered() {
        return String.join(" ", names);
    }

    /**
     * Begins a login with the mechanism a client chose; empty when it isn't offered (503 in the log; the client hears
     * nothing).
     *
     * @param peer where the client comes from; loopback users are refused from elsewhere
     */
    public Optional<SaslMechanism> begin(String name, InetAddress peer) {
        if (!names.contains(name)) {
            return Optional.empty();
        }
        Login login = new Login(users, config.loopbackUsers(), peer);
        return Optional.of(
                switch (name) {
                    case Plain.NAME -> new Plain(login);
                    case AmqPlain.NAME -> new AmqPlain(login);
                    case Anonymous.NAME -> new Anonymous(login, config.anonymousUser(), config.anonymousPassword());
                    default -> new ChallengeResponseDemo(login);
                });
    }

    /**
     * What a client with the capability {@code authentication_failure_close} hears of a {@link SaslResult.Refused},
     * whatever the reason; it belongs to no method (class and method id 0).
     */
    public static AmqpError loginRefused(String mechanism) {
        return AmqpError.hard(
                ReplyCode.ACCESS_REFUSED,
                "Login was refused using authentication mechanism " + mechanism
                        + ". For details see the broker logfile.");
    }
}
