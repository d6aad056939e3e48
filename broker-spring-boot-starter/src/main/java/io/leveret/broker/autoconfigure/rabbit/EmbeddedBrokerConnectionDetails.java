package io.leveret.broker.autoconfigure.rabbit;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.BrokerConfig.FirstUser;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/** Where Boot's RabbitMQ client finds the embedded broker: its first user, its default virtual host. */
final class EmbeddedBrokerConnectionDetails implements RabbitConnectionDetails {
    private final Address address;
    private final FirstUser user;
    private final String virtualHost;

    EmbeddedBrokerConnectionDetails(BrokerConfig config, InetAddress boundTo, int port) {
        this.address = new Address(host(boundTo), port);
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
    public List<Address> getAddresses() {
        return List.of(address);
    }

    // a number, not "localhost", which may be tried as IPv6 first
    private static String host(InetAddress boundTo) {
        if (boundTo.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        String text = boundTo.getHostAddress();
        return boundTo instanceof Inet6Address ? "[" + text + "]" : text;
    }
}
