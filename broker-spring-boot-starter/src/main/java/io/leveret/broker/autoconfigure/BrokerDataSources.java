package io.leveret.broker.autoconfigure;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the application; none of them is asked for before it is needed.
 *
 * @param ofBroker the one that is marked with {@link BrokerDataSource}, null if there is none
 * @param ofApplication the one that everybody gets who asks for any, null if there is none
 */
record BrokerDataSources(Supplier<@Nullable DataSource> ofBroker, Supplier<@Nullable DataSource> ofApplication) {
    static final BrokerDataSources NONE = new BrokerDataSources(() -> null, () -> null);
}
