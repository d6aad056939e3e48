package io.leveret.broker.auth;

import io.leveret.broker.definition.Definition;

/** What a user may do with the exchanges and queues of a virtual host, by their names. */
public record Permission(String user, String vhost, NamePattern configure, NamePattern write, NamePattern read) {

    /** @throws IllegalArgumentException as the other one does */
    public static Permission of(Definition.Permission definition) {
        return of(definition.user(), definition.vhost(), definition.configure(), definition.write(), definition.read());
    }

    /**
     * @throws IllegalArgumentException when one of the three isn't a regular expression; the text says what is wrong
     */
    public static Permission of(String user, String vhost, String configure, String write, String read) {
        return new Permission(user, vhost, NamePattern.of(configure), NamePattern.of(write), NamePattern.of(read));
    }
}
