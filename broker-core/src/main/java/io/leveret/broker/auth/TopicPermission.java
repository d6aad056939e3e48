package io.leveret.broker.auth;

import io.leveret.broker.definition.Definition;
import java.util.Map;

/** With which routing keys a user may publish to, and bind to, one topic exchange; restricts a {@link Permission}. */
public record TopicPermission(String user, String vhost, String exchange, NamePattern write, NamePattern read) {

    /** @throws IllegalArgumentException as the other one does */
    public static TopicPermission of(Definition.TopicPermission definition) {
        return of(definition.user(), definition.vhost(), definition.exchange(), definition.write(), definition.read());
    }

    /**
     * The variables {@code {username}} and {@code {vhost}} in the patterns stand for the user and the virtual host,
     * literally.
     *
     * @throws IllegalArgumentException when one of the two isn't a regular expression; the text says what is wrong
     */
    public static TopicPermission of(String user, String vhost, String exchange, String write, String read) {
        Map<String, String> variables = Map.of("username", user, "vhost", vhost);
        return new TopicPermission(
                user, vhost, exchange, NamePattern.of(write, variables), NamePattern.of(read, variables));
    }
}
