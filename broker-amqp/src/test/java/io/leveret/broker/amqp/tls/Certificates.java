package io.leveret.broker.amqp.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An authority of the test's own, and what it vouches for. */
final class Certificates {
    private final X509Bundle authority;

    Certificates() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=Test authority")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
    }

    X509Bundle forServer(String commonName) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + commonName)
                .addSanIpAddress("127.0.0.1")
                .ecp256()
                .buildIssuedBy(authority);
    }

    X509Bundle forClient(String subject) throws Exception {
        return new CertificateBuilder().subject(subject).ecp256().buildIssuedBy(authority);
    }

    SslContext server(X509Bundle own, ClientAuth clientAuth) throws Exception {
        return SslContextBuilder.forServer(own.toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .trustManager(authority.toTrustManagerFactory())
                .clientAuth(clientAuth)
                .build();
    }

    /** For the blocking client, and for sockets. */
    SSLContext client(@Nullable X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        context.init(keys, authority.toTrustManagerFactory().getTrustManagers(), new SecureRandom());
        return context;
    }

    /** For the client on Netty. */
    SslContext nettyClient(@Nullable X509Bundle own) throws Exception {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .endpointIdentificationAlgorithm("HTTPS")
                .trustManager(authority.toTrustManagerFactory());
        return (own == null ? builder : builder.keyManager(own.toKeyManagerFactory())).build();
    }
}
