package io.leveret.broker.amqp;

import java.net.InetAddress;
import java.util.Map;

/**
 * How the AMQP 0-9-1 listener behaves. Names in brackets are RabbitMQ's settings.
 *
 * @param address the address to bind to
 * @param port the TCP port without TLS, 0 for any free one, {@link AmqpServer#NO_PORT} for none
 * @param channelMax the most channels a connection may open, 0 for no limit, at most 65535 [channel_max]
 * @param frameMax the largest frame in bytes, 0 for no limit, otherwise at least 8192 [frame_max]
 * @param heartbeatSeconds the heartbeat to propose, 0 for none [heartbeat]
 * @param handshakeTimeoutMillis how long a client may take from connecting to connection.open [handshake_timeout]
 * @param silentCloseDelayMillis how long a connection is held before it is closed without a word after a failed login or a
 *     framing error (RabbitMQ: 3 seconds)
 * @param serverProperties properties that are added to, or replace, those sent in connection.start [server_properties]
 */
public record AmqpServerConfig(
        InetAddress address,
        int port,
        int channelMax,
        int frameMax,
        int heartbeatSeconds,
        int handshakeTimeoutMillis,
        int silentCloseDelayMillis,
        Map<String, String> serverProperties) {

    /** The smallest frame_max a client may ask for, and the limit until connection.tune-ok (RabbitMQ 4.1 and later). */
    public static final int FRAME_MIN_SIZE = 8192;

    public AmqpServerConfig {
        serverProperties = Map.copyOf(serverProperties);
    }

    /** RabbitMQ's defaults on loopback. */
    public static AmqpServerConfig loopback(int port) {
        return new AmqpServerConfig(InetAddress.getLoopbackAddress(), port, 2047, 131_072, 60, 10_000, 3_000, Map.of());
    }

    /** The same with another delay before silent closes. */
    public AmqpServerConfig withSilentCloseDelayMillis(int millis) {
        return new AmqpServerConfig(
                address,
                port,
                channelMax,
                frameMax,
                heartbeatSeconds,
                handshakeTimeoutMillis,
                millis,
                serverProperties);
    }
}
