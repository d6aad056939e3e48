package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.TlsConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;

/** The broker's side of TLS, made from an SSL bundle. */
final class BrokerTls {
    static final String BUNDLE = "broker.ssl.bundle";

    private static final List<String> KEY_TYPES = List.of("RSA", "RSASSA-PSS", "EC", "EdDSA", "DSA");

    private BrokerTls() {}

    /**
     * What the listener with TLS is started with; null for none.
     *
     * @param bundles finds the bundle of a name
     */
    static @Nullable TlsConfig config(BrokerProperties.Ssl ssl, Function<String, SslBundle> bundles) {
        return ssl.isEnabled() ? new TlsConfig(ssl.port(), context(ssl, bundles.apply(ssl.bundle()))) : null;
    }

    /**
     * A context that a client can connect with, which is found out by trying.
     *
     * @throws InvalidBrokerPropertyException when the bundle has no key, or options that this JVM can't meet
     */
    static SslContext context(BrokerProperties.Ssl ssl, SslBundle bundle) {
        try {
            SslManagerBundle managers = bundle.getManagers();
            KeyManagerFactory keys = managers.getKeyManagerFactory();
            if (!hasKey(keys)) {
                throw new InvalidBrokerPropertyException(
                        BUNDLE, ssl.bundle(), "the name of an SSL bundle with a private key and its certificate");
            }
            SslContextBuilder builder = SslContextBuilder.forServer(keys)
                    .sslProvider(SslProvider.JDK)
                    .trustManager(managers.getTrustManagerFactory())
                    .clientAuth(nettys(ssl.clientAuth()));
            SslOptions options = bundle.getOptions();
            if (options.getCiphers() != null) {
                builder.ciphers(List.of(options.getCiphers()), IdentityCipherSuiteFilter.INSTANCE);
            }
            if (options.getEnabledProtocols() != null) {
                builder.protocols(options.getEnabledProtocols());
            }
            SslContext context = builder.build();
            context.newEngine(ByteBufAllocator.DEFAULT).closeOutbound();
            return context;
        } catch (SSLException | IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
            throw BrokerSslBundles.unusable(BUNDLE, ssl.bundle(), e);
        }
    }

    private static boolean hasKey(KeyManagerFactory factory) {
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509KeyManager keys) {
                for (String type : KEY_TYPES) {
                    String[] aliases = keys.getServerAliases(type, null);
                    if (aliases != null && aliases.length > 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static io.netty.handler.ssl.ClientAuth nettys(ClientAuth auth) {
        return switch (auth) {
            case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
            case WANT -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
            case NEED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
        };
    }
}
