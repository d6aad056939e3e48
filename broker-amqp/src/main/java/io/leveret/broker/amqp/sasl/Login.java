package io.leveret.broker.amqp.sasl;

import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/** Checks name and password of a client at an address, and that loopback users come from there. */
final class Login {
    private final Users users;
    private final Set<String> loopbackUsers;
    private final InetAddress peer;

    Login(Users users, Set<String> loopbackUsers, InetAddress peer) {
        this.users = users;
        this.loopbackUsers = loopbackUsers;
        this.peer = peer;
    }

    SaslResult authenticate(String username, String password) {
        Optional<User> user = users.authenticate(username, password);
        if (user.isEmpty()) {
            return new SaslResult.Refused(
                    username, password.isEmpty() ? "a blank password is not allowed" : "invalid credentials");
        }
        if (loopbackUsers.contains(username) && !peer.isLoopbackAddress()) {
            return new SaslResult.Refused(username, "the user can only connect via localhost");
        }
        return new SaslResult.Authenticated(user.get());
    }
}
