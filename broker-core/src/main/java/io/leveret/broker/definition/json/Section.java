package io.leveret.broker.definition.json;

import org.jspecify.annotations.Nullable;

/** The sections of a file, in the order in which RabbitMQ imports them. */
enum Section {
    USERS("users", false),
    VHOSTS("vhosts", false),
    PERMISSIONS("permissions", false),
    EXCHANGES("exchanges", true),
    TOPIC_PERMISSIONS("topic_permissions", false),
    GLOBAL_PARAMETERS("global_parameters", false),
    POLICIES("policies", true),
    PARAMETERS("parameters", true),
    QUEUES("queues", true),
    BINDINGS("bindings", true);

    private final String member;
    private final boolean ofOneVirtualHost;

    Section(String member, boolean ofOneVirtualHost) {
        this.member = member;
        this.ofOneVirtualHost = ofOneVirtualHost;
    }

    /** Whether it means something in a file for one virtual host. */
    boolean isOfOneVirtualHost() {
        return ofOneVirtualHost;
    }

    static @Nullable Section find(String member) {
        for (Section section : values()) {
            if (section.member.equals(member)) {
                return section;
            }
        }
        return null;
    }
}
