package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreConfigTests {
    @Test
    void refusesDatabasesOtherThanItsTwo() {
        assertThatThrownBy(() -> StoreConfig.of("jdbc:mysql://localhost/broker", "u", "p"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:mysql://localhost/broker")
                .hasMessageContaining("H2")
                .hasMessageContaining("PostgreSQL");
    }

    @Test
    void refusesSettingsThatAreNotHibernates() {
        assertThatThrownBy(() -> config().withProperties(Map.of("jakarta.persistence.jdbc.url", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jakarta.persistence.jdbc.url");
    }

    @Test
    void refusesTooSmallAPoolAndTooLittlePatience() {
        assertThatThrownBy(() -> new StoreConfig(config().url(), "u", "p", Map.of(), 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2 connections");
        assertThatThrownBy(() -> config().withPatience(Duration.ofMillis(249)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("250 ms");
    }

    @Test
    void refusesAPathThatH2DoesNotUnderstand() {
        assertThatThrownBy(() -> StoreConfig.h2(Path.of("a;b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("semicolon");
    }

    @Test
    void neverShowsAPassword() {
        StoreConfig config = StoreConfig.of("jdbc:postgresql://db/broker?password=hidden", "u", "secret");
        assertThat(config.toString()).contains("jdbc:postgresql://db/broker").doesNotContain("hidden", "secret");
        assertThat(config.place()).isEqualTo("jdbc:postgresql://db/broker");
    }

    @Test
    void knowsTheFileOfADatabase() {
        assertThat(H2Files.database(StoreConfig.h2(Path.of("/var/lib/data")).url()))
                .contains(Path.of("/var/lib/data/broker"));
        assertThat(H2Files.database("jdbc:h2:file:~/data/x;MODE=Regular"))
                .contains(Path.of(System.getProperty("user.home"), "data", "x"));
        assertThat(H2Files.database("jdbc:h2:mem:x")).isEmpty();
        assertThat(H2Files.database("jdbc:postgresql://db/broker")).isEmpty();
    }

    @Test
    void addsToAUrlOfH2WhatTheStoreNeedsUnlessItSaysOtherwise() {
        assertThat(Vendor.H2.complete("jdbc:h2:file:/x;write_delay=5"))
                .contains(";DB_CLOSE_ON_EXIT=FALSE")
                .contains(";write_delay=5")
                .doesNotContain("WRITE_DELAY=0");
        assertThat(Vendor.POSTGRESQL.complete("jdbc:postgresql://db/x")).isEqualTo("jdbc:postgresql://db/x");
    }

    private static StoreConfig config() {
        return StoreConfig.of("jdbc:h2:mem:x", "u", "p");
    }
}
