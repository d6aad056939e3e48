package io.leveret.broker.exchange;

import org.jspecify.annotations.Nullable;

/** Finds an exchange of one virtual host by its name; called by all event loops. */
@FunctionalInterface
public interface ExchangeLookup {
    @Nullable Exchange exchange(String name);
}
