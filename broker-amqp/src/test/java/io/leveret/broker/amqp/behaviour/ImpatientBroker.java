package io.leveret.broker.amqp.behaviour;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.BrokerConfig;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker that does not wait long for acknowledgements: one of ours that is started for it, or the one under test, which its
 * command line tool makes impatient for the time being.
 */
final class ImpatientBroker implements BeforeAllCallback, AfterAllCallback {
    private static final String CONFIGURE = "application:set_env(rabbit, consumer_timeout, %d),"
            + " application:set_env(rabbit, channel_tick_interval, %d).";

    private final int timeoutMillis;
    private BrokerUnderTest.@Nullable Embedded embedded;
    private @Nullable CommandLineAccounts tool;
    private @Nullable Connection connection;

    /** @param timeoutMillis how long a delivery may be unacknowledged */
    ImpatientBroker(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        BrokerUnderTest node = BrokerUnderTest.get(context);
        ConnectionFactory factory = node.factory();
        if (node.isEmbedded()) {
            embedded = BrokerUnderTest.Embedded.start(BrokerConfig.builder("impatient")
                    .consumerTimeoutMillis(timeoutMillis)
                    .build());
            factory.setPort(embedded.server().port());
        } else {
            tool = node.tool();
            Assumptions.assumeTrue(tool != null, "it can't be configured: no " + BrokerUnderTest.CTL_PROPERTY);
            tool.run("eval", CONFIGURE.formatted(timeoutMillis, timeoutMillis / 2));
        }
        try {
            connection = factory.newConnection("impatient");
        } catch (TimeoutException e) {
            throw new IOException("the broker did not answer in time", e);
        }
    }

    /** A new channel, all on one connection. */
    Channel channel() throws IOException {
        if (connection == null) {
            throw new IllegalStateException("not started");
        }
        return connection.createChannel();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (connection != null) {
            connection.abort(2_000);
        }
        if (embedded != null) {
            embedded.close();
        }
        if (tool != null) {
            tool.run("eval", CONFIGURE.formatted(1_800_000, 60_000));
        }
    }
}
