package io.leveret.broker.autoconfigure;

import io.leveret.broker.amqp.AmqpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Lets new TLS handshakes follow the SSL bundle when it changes. Called by the thread that changes it. */
final class BrokerTlsReload {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerTlsReload.class);

    private final AmqpServer server;
    private final BrokerProperties.Ssl ssl;

    private BrokerTlsReload(AmqpServer server, BrokerProperties.Ssl ssl) {
        this.server = server;
        this.ssl = ssl;
    }

    /** Begins with the bundle as it is now: a broker that was there before the context may have an older one. */
    static BrokerTlsReload start(AmqpServer server, BrokerProperties.Ssl ssl, SslBundles bundles) {
        BrokerTlsReload reload = new BrokerTlsReload(server, ssl);
        if (server.tlsPort() != AmqpServer.NO_PORT) {
            SslBundle now = BrokerSslBundles.get(BrokerTls.BUNDLE, ssl.bundle(), bundles);
            bundles.addBundleUpdateHandler(ssl.bundle(), reload::onUpdate);
            server.replaceTlsContext(BrokerTls.context(ssl, now));
        }
        return reload;
    }

    /** A bundle that is of no use changes nothing. */
    private void onUpdate(SslBundle changed) {
        try {
            server.replaceTlsContext(BrokerTls.context(ssl, changed));
            LOG.atInfo()
                    .addKeyValue("bundle", ssl.bundle())
                    .log("SSL bundle {} has changed, new TLS connections of the broker use it", ssl.bundle());
        } catch (InvalidBrokerPropertyException unusable) {
            LOG.atWarn()
                    .addKeyValue("bundle", ssl.bundle())
                    .log(
                            "SSL bundle {} has changed and is of no use, the broker goes on with the one before; allowed: {}",
                            ssl.bundle(),
                            unusable.allowed());
        }
    }
}
