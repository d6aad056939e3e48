package io.leveret.broker.autoconfigure;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.ArrayList;
import java.util.List;

/** Certificates of a test, and the properties that make SSL bundles of them. */
public final class TestCertificates {
    private TestCertificates() {}

    /** Signed by itself, for 127.0.0.1 alone. */
    public static X509Bundle selfSigned(String commonName) {
        try {
            return new CertificateBuilder()
                    .subject("CN=" + commonName)
                    .addSanIpAddress("127.0.0.1")
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signed by itself, for localhost by name. */
    public static X509Bundle selfSignedForLocalhost() throws Exception {
        return new CertificateBuilder()
                .subject("CN=whatever")
                .addSanDnsName("localhost")
                .rsa2048()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** A PEM bundle with a key and its certificate. */
    public static List<String> keys(String bundle, X509Bundle own) {
        String prefix = "spring.ssl.bundle.pem." + bundle + ".keystore.";
        return List.of(
                prefix + "certificate=" + own.getCertificatePathPEM(),
                prefix + "private-key=" + own.getPrivateKeyPEM());
    }

    /** A PEM bundle that trusts these. */
    public static List<String> trust(String bundle, X509Bundle... trusted) {
        StringBuilder all = new StringBuilder();
        for (X509Bundle each : trusted) {
            all.append(each.getCertificatePEM());
        }
        return List.of("spring.ssl.bundle.pem." + bundle + ".truststore.certificate=" + all);
    }

    /** Properties for a context, from lists of them and single ones. */
    @SafeVarargs
    public static String[] properties(List<String>... lists) {
        List<String> all = new ArrayList<>();
        for (List<String> list : lists) {
            all.addAll(list);
        }
        return all.toArray(String[]::new);
    }
}
