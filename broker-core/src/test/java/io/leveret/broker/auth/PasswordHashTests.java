package io.leveret.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordHashTests {
    private static final String SHA256 = "rabbit_password_hashing_sha256";

    @Test
    void matchesTheExampleOfRabbitMqsDocumentation() {
        PasswordHash hash = PasswordHash.parse("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", SHA256);

        assertThat(hash.matches("test12")).isTrue();
        assertThat(hash.matches("test13")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "rabbit_password_hashing_sha256, SHA-256",
        "rabbit_password_hashing_sha512, SHA-512",
        "rabbit_password_hashing_md5, MD5"
    })
    void readsEachAlgorithmOfRabbitMq(String name, String digest) throws Exception {
        byte[] salt = {1, -2, 3, -4};
        MessageDigest messageDigest = MessageDigest.getInstance(digest);
        messageDigest.update(salt);
        byte[] hashed = messageDigest.digest("sécret".getBytes(StandardCharsets.UTF_8));
        byte[] all = new byte[4 + hashed.length];
        System.arraycopy(salt, 0, all, 0, 4);
        System.arraycopy(hashed, 0, all, 4, hashed.length);
        String encoded = Base64.getEncoder().encodeToString(all);

        PasswordHash hash = PasswordHash.parse(encoded, name);

        assertThat(hash.matches("sécret")).isTrue();
        assertThat(hash.matches("secret")).isFalse();
        assertThat(hash.encoded()).isEqualTo(encoded);
        assertThat(hash.algorithm()).isEqualTo(name);
    }

    @Test
    void survivesBeingStored() {
        PasswordHash hash = PasswordHash.of("s3cret");
        PasswordHash stored = PasswordHash.parse(hash.encoded(), hash.algorithm());

        assertThat(hash.algorithm()).isEqualTo(SHA256);
        assertThat(hash.encoded()).hasSize(48);
        assertThat(stored.matches("s3cret")).isTrue();
        assertThat(stored.matches("S3cret")).isFalse();
    }

    @Test
    void saltsEachHashAnew() {
        assertThat(PasswordHash.of("same").encoded())
                .isNotEqualTo(PasswordHash.of("same").encoded());
    }

    @Test
    void neverMatchesAnEmptyPassword() {
        assertThat(PasswordHash.of("").matches("")).isFalse();
        assertThat(PasswordHash.NONE.matches("")).isFalse();
        assertThat(PasswordHash.parse("", SHA256).matches("")).isFalse();
    }

    @Test
    void matchesNothingWithoutAPassword() {
        assertThat(PasswordHash.NONE.encoded()).isEmpty();
        assertThat(PasswordHash.NONE.matches("x")).isFalse();
        assertThat(PasswordHash.NONE.matches("\0\0\0\0")).isFalse();
    }

    @Test
    void rejectsWhatIsNoHash() {
        assertThatThrownBy(() -> PasswordHash.parse("kI3GCg==", SHA256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("36 bytes, not 4");
        assertThatThrownBy(() -> PasswordHash.parse("not base64!", SHA256))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PasswordHash.parse("", "bcrypt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown password hashing algorithm 'bcrypt'");
    }

    @Test
    void keepsTheHashOutOfLogs() {
        PasswordHash hash = PasswordHash.of("s3cret");

        assertThat(new User("u", hash, Set.of()).toString()).doesNotContain(hash.encoded());
    }
}
