package io.leveret.broker.autoconfigure;

import java.util.Objects;

/** The version of Leveret that is running. */
public final class BrokerVersion {
    private BrokerVersion() {}

    /** The version in the manifest of the starter's jar, {@code development} when there is no jar. */
    public static String current() {
        return Objects.requireNonNullElse(BrokerVersion.class.getPackage().getImplementationVersion(), "development");
    }
}
