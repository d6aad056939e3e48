package io.leveret.broker.amqp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/** What TLS connections begin with. Replaced by any thread, read by the loop of each new connection. */
final class TlsContext {
    private volatile SslContext current;

    TlsContext(SslContext first) {
        this.current = first;
    }

    void replace(SslContext replacement) {
        current = TlsConfig.requireForServers(replacement);
    }

    /** A handler without a clock of its own: the time of the whole handshake, AMQP's included, is the connection's. */
    SslHandler newHandler(ByteBufAllocator buffers) {
        SslHandler handler = current.newHandler(buffers);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }
}
