package io.leveret.broker.autoconfigure.rabbit;

import io.leveret.broker.autoconfigure.BrokerProperties;
import io.leveret.broker.autoconfigure.BrokerSslBundles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;

/** What clients in this application connect with over TLS. */
final class ClientTls {
    private ClientTls() {}

    /**
     * The bundle for clients if there is one, otherwise the broker's; one that trusts nobody in particular, as far as it is the
     * broker's, trusts the broker.
     */
    static SslBundle bundle(BrokerProperties.Ssl ssl, @Nullable SslBundles bundles) {
        if (!ssl.clientBundle().isEmpty()) {
            return BrokerSslBundles.get("broker.ssl.client-bundle", ssl.clientBundle(), bundles);
        }
        SslBundle ofBroker = BrokerSslBundles.get("broker.ssl.bundle", ssl.bundle(), bundles);
        SslStoreBundle stores = ofBroker.getStores();
        KeyStore keys = stores.getKeyStore();
        return keys == null || stores.getTrustStore() != null
                ? ofBroker
                : SslBundle.of(
                        SslStoreBundle.of(keys, stores.getKeyStorePassword(), trusting(keys)),
                        ofBroker.getKey(),
                        ofBroker.getOptions(),
                        ofBroker.getProtocol());
    }

    private static KeyStore trusting(KeyStore keys) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (String alias : Collections.list(keys.aliases())) {
                Certificate[] chain = keys.getCertificateChain(alias);
                for (int i = 0; chain != null && i < chain.length; i++) {
                    trusted.setCertificateEntry(alias + "-" + i, chain[i]);
                }
            }
            return trusted;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the broker's certificate cannot be read", e);
        }
    }
}
