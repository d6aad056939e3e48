package io.leveret.broker.autoconfigure.rabbit;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;

/** The name under which clients in this application reach the broker. */
final class BrokerHost {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerHost.class);
    private static final String LOCALHOST = "localhost";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private BrokerHost() {}

    /** A number, not "localhost", which may be tried as IPv6 first. */
    static String of(InetAddress boundTo) {
        if (boundTo.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        String text = boundTo.getHostAddress();
        return boundTo instanceof Inet6Address ? "[" + text + "]" : text;
    }

    /** The number if the broker's certificate has it, "localhost" if it has that: Boot's client compares it. */
    static String of(InetAddress boundTo, SslBundle ofBroker) {
        String number = of(boundTo);
        Set<String> names = names(ofBroker);
        if (names.contains(number)) {
            return number;
        }
        boolean isLocalhost =
                boundTo.isAnyLocalAddress() || boundTo.isLoopbackAddress() && boundTo instanceof Inet4Address;
        if (isLocalhost && names.contains(LOCALHOST)) {
            return LOCALHOST;
        }
        LOG.atWarn()
                .addKeyValue("host", number)
                .log(
                        "the broker's certificate is not for {}, but for {}: clients in this application that compare it will"
                                + " not connect",
                        number,
                        names);
        return number;
    }

    private static Set<String> names(SslBundle bundle) {
        Set<String> names = new HashSet<>();
        KeyStore keys = bundle.getStores().getKeyStore();
        if (keys == null) {
            return names;
        }
        String wanted = bundle.getKey().getAlias();
        try {
            for (String alias : Collections.list(keys.aliases())) {
                boolean presented = keys.isKeyEntry(alias) && (wanted == null || wanted.equalsIgnoreCase(alias));
                if (presented && keys.getCertificate(alias) instanceof X509Certificate certificate) {
                    addNames(certificate, names);
                }
            }
        } catch (KeyStoreException | CertificateParsingException | InvalidNameException e) {
            throw new IllegalStateException("the broker's certificate cannot be read", e);
        }
        return names;
    }

    /** Names as Java compares them: the common name counts where there is no other name of a host. */
    private static void addNames(X509Certificate certificate, Set<String> names)
            throws CertificateParsingException, InvalidNameException {
        boolean hasName = false;
        var alternatives = certificate.getSubjectAlternativeNames();
        for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
            if (each.get(0).equals(DNS_NAME) || each.get(0).equals(IP_ADDRESS)) {
                names.add(String.valueOf(each.get(1)));
                hasName |= each.get(0).equals(DNS_NAME);
            }
        }
        if (!hasName) {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(rdn.getValue()));
                }
            }
        }
    }
}
