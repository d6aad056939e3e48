package io.leveret.broker.amqp;

import io.netty.handler.ssl.SslContext;

/**
 * The listener with TLS of an {@link AmqpServer}.
 *
 * @param port the TCP port, 0 for any free one
 * @param context for servers: the certificate, the protocols, and whether clients are asked for theirs. It is not released
 *     by the server
 */
public record TlsConfig(int port, SslContext context) {
    public TlsConfig {
        requireForServers(context);
    }

    static SslContext requireForServers(SslContext context) {
        if (!context.isServer()) {
            throw new IllegalArgumentException("a TLS context for clients");
        }
        return context;
    }
}
