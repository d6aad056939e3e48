package io.leveret.broker.autoconfigure;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** Finds the SSL bundles that {@code broker.ssl.*} names. */
public final class BrokerSslBundles {
    private BrokerSslBundles() {}

    /**
     * The bundle that a property names.
     *
     * @param bundles those of the context; null if it has none
     * @throws InvalidBrokerPropertyException naming the property, when there is no such bundle
     */
    public static SslBundle get(String property, String name, @Nullable SslBundles bundles) {
        if (bundles == null) {
            throw unknown(property, name, List.of());
        }
        try {
            return bundles.getBundle(name);
        } catch (NoSuchSslBundleException e) {
            throw unknown(property, name, bundles.getBundleNames());
        }
    }

    /**
     * The same where there is no context yet: of the bundles in {@code spring.ssl.bundle.*}, which Boot makes beans of.
     *
     * @throws InvalidBrokerPropertyException naming the property, when there is no such bundle or it can't be made
     */
    static SslBundle get(String property, String name, Environment environment) {
        SslProperties.Bundles bundles = Binder.get(environment)
                .bindOrCreate("spring.ssl", SslProperties.class)
                .getBundle();
        try {
            if (bundles.getPem().containsKey(name)) {
                return PropertiesSslBundle.get(bundles.getPem().get(name));
            }
            if (bundles.getJks().containsKey(name)) {
                return PropertiesSslBundle.get(bundles.getJks().get(name));
            }
        } catch (IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
            throw unusable(property, name, e);
        }
        TreeSet<String> names = new TreeSet<>(bundles.getPem().keySet());
        names.addAll(bundles.getJks().keySet());
        throw unknown(property, name, new ArrayList<>(names));
    }

    /** What is thrown about a bundle that is there and is of no use. */
    static InvalidBrokerPropertyException unusable(String property, String name, Exception reason) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(reason);
        return new InvalidBrokerPropertyException(
                property,
                name,
                "the name of an SSL bundle that can be used (%s)"
                        .formatted(root == reason ? reason.getMessage() : reason.getMessage() + ": " + root),
                reason);
    }

    private static InvalidBrokerPropertyException unknown(String property, String name, List<String> names) {
        return new InvalidBrokerPropertyException(
                property,
                name,
                "the name of an SSL bundle, configured under spring.ssl.bundle (%s)"
                        .formatted(names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names)));
    }
}
