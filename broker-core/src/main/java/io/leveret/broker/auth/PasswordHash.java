package io.leveret.broker.auth;

import io.leveret.broker.text.Utf8;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A password as RabbitMQ stores it: four random salt bytes followed by the digest of salt and password, in base64.
 * Immutable; safe on any thread. Checking one costs a few microseconds.
 */
public final class PasswordHash {
    /** The hash of a user who has no password and so can't log in with one; RabbitMQ writes it as the empty string. */
    public static final PasswordHash NONE = new PasswordHash(Algorithm.SHA256, new byte[0]);

    private static final int SALT_BYTES = 4;

    private final Algorithm algorithm;
    private final byte[] saltAndDigest;

    private PasswordHash(Algorithm algorithm, byte[] saltAndDigest) {
        this.algorithm = algorithm;
        this.saltAndDigest = saltAndDigest;
    }

    /** Hashes with SHA-256 and a fresh salt. The empty password gives a hash that nothing matches. */
    public static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(Algorithm.SHA256, Algorithm.SHA256.saltAndDigest(salt, Utf8.encode(password)));
    }

    /**
     * Reads a stored hash.
     *
     * @param encoded the base64 text, or the empty string for a user without a password
     * @param algorithm RabbitMQ's name of it: {@code rabbit_password_hashing_sha256}, {@code ..._sha512} or
     *     {@code ..._md5}
     * @throws IllegalArgumentException when the algorithm is unknown, the text isn't base64 or its length is wrong
     */
    public static PasswordHash parse(String encoded, String algorithm) {
        Algorithm parsedAlgorithm = Algorithm.named(algorithm);
        byte[] bytes = Base64.getDecoder().decode(encoded);
        if (bytes.length != 0 && bytes.length != SALT_BYTES + parsedAlgorithm.digestBytes) {
            throw new IllegalArgumentException("a password hash of " + algorithm + " has "
                    + (SALT_BYTES + parsedAlgorithm.digestBytes) + " bytes, not " + bytes.length);
        }
        return new PasswordHash(parsedAlgorithm, bytes);
    }

    /** Whether this is the hash of the password. An empty password never matches. The time taken tells nothing. */
    public boolean matches(String password) {
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(saltAndDigest, 0, salt, 0, Math.min(SALT_BYTES, saltAndDigest.length));
        boolean same = MessageDigest.isEqual(saltAndDigest, algorithm.saltAndDigest(salt, Utf8.encode(password)));
        return same && !password.isEmpty();
    }

    /** The base64 text that {@link #parse} reads. */
    public String encoded() {
        return Base64.getEncoder().encodeToString(saltAndDigest);
    }

    /** RabbitMQ's name of the algorithm, such as {@code rabbit_password_hashing_sha256}. */
    public String algorithm() {
        return algorithm.rabbitName;
    }

    /** Says nothing about the password, so that a user can be logged. */
    @Override
    public String toString() {
        return algorithm.rabbitName;
    }

    private enum Algorithm {
        SHA256("rabbit_password_hashing_sha256", "SHA-256", 32),
        SHA512("rabbit_password_hashing_sha512", "SHA-512", 64),
        MD5("rabbit_password_hashing_md5", "MD5", 16);

        private final String rabbitName;
        private final String jdkName;
        private final int digestBytes;

        Algorithm(String rabbitName, String jdkName, int digestBytes) {
            this.rabbitName = rabbitName;
            this.jdkName = jdkName;
            this.digestBytes = digestBytes;
        }

        static Algorithm named(String rabbitName) {
            for (Algorithm algorithm : values()) {
                if (algorithm.rabbitName.equals(rabbitName)) {
                    return algorithm;
                }
            }
            throw new IllegalArgumentException("unknown password hashing algorithm '" + rabbitName + "'");
        }

        byte[] saltAndDigest(byte[] salt, byte[] password) {
            MessageDigest digest;
            try {
                digest = MessageDigest.getInstance(jdkName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java runtime lacks " + jdkName, e);
            }
            digest.update(salt);
            byte[] hash = digest.digest(password);
            byte[] result = new byte[salt.length + hash.length];
            System.arraycopy(salt, 0, result, 0, salt.length);
            System.arraycopy(hash, 0, result, salt.length, hash.length);
            return result;
        }
    }
}
