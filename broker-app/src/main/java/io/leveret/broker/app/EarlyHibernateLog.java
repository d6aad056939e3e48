package io.leveret.broker.app;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What Hibernate logs while Boot sets Logback up, which it begins with by taking away all levels and appenders. Logback prints a
 * complaint about whatever is logged in that moment.
 */
final class EarlyHibernateLog {
    /** Held, because a logger that nobody holds is forgotten, and its level with it. */
    private static final Logger HIBERNATE = Logger.getLogger("org.hibernate");

    private EarlyHibernateLog() {}

    /**
     * Has Hibernate ask java.util.logging first, which Logback does not reset, and which says no to what is less than a warning
     * until Boot passes on the levels in the settings. Before any class of Hibernate is loaded.
     */
    static void keepQuiet() {
        System.setProperty("org.jboss.logging.provider", "jdk");
        HIBERNATE.setLevel(Level.WARNING);
    }
}
