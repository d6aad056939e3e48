package io.leveret.broker.benchmarks.load;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a broker is and who logs in there.
 *
 * @param host the host name or address
 * @param port the TCP port
 * @param user the user name
 * @param password the password
 * @param vhost the virtual host, unescaped
 */
public record AmqpUri(String host, int port, String user, String password, String vhost) {

    private static final int DEFAULT_PORT = 5672;

    /**
     * Reads {@code amqp://user:password@host:port/vhost}; what is missing is guest, guest, 5672 and {@code /}.
     *
     * @throws IllegalArgumentException when the scheme is not amqp or there is no host
     */
    public static AmqpUri parse(String text) {
        URI uri = URI.create(text);
        if (!"amqp".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not of the form amqp://user:password@host:port/vhost");
        }
        String user = "guest";
        String password = "guest";
        String userInfo = uri.getRawUserInfo();
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            user = unescape(colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? password : unescape(userInfo.substring(colon + 1));
        }
        String path = uri.getRawPath();
        String vhost = path == null || path.length() < 2 ? "/" : unescape(path.substring(1));
        return new AmqpUri(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), user, password, vhost);
    }

    private static String unescape(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "amqp://" + host + ":" + port + "/" + vhost;
    }
}
