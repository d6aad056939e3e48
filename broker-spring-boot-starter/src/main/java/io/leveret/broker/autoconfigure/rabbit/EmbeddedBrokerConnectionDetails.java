package io.leveret.broker.autoconfigure.rabbit;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.BrokerConfig.FirstUser;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/** Where Boot's RabbitMQ client finds the embedded broker: its first user, its default virtual host. */
final class EmbeddedBrokerConnectionDetails implements RabbitConnectionDetails {
    private final Address address;
    private final FirstUser user;
    private final String virtualHost;
    private final @Nullable SslBundle sslBundle;

    /** @param sslBundle for TLS; null for none */
    EmbeddedBrokerConnectionDetails(BrokerConfig config, String host, int port, @Nullable SslBundle sslBundle) {
        this.address = new Address(host, port);
        this.sslBundle = sslBundle;
        this.user = config.users().get(0);
        this.virtualHost = config.virtualHosts().get(0);
    }

    @Override
    public String getUsername() {
        return user.name();
    }

    @Override
    public String getPassword() {
        return user.password();
    }

    @Override
    public String getVirtualHost() {
        return virtualHost;
    }

    @Override
    public @Nullable SslBundle getSslBundle() {
        return sslBundle;
    }

    @Override
    public List<Address> getAddresses() {
        return List.of(address);
    }
}
