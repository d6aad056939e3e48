package io.leveret.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTests {

    @Test
    void searchesAnywhereInTheName() {
        NamePattern pattern = NamePattern.of("order");

        assertThat(pattern.matches("my-orders")).isTrue();
        assertThat(pattern.matches("my-Orders")).isFalse();
    }

    @Test
    void anchorsOnlyWhereThePatternSaysSo() {
        assertThat(NamePattern.of("^order$").matches("orders")).isFalse();
        assertThat(NamePattern.of("^order$").matches("order")).isTrue();
    }

    @Test
    void emptyPatternFindsNothingButTheEmptyName() {
        NamePattern pattern = NamePattern.of("");

        assertThat(pattern.matches("")).isTrue();
        assertThat(pattern.matches("q")).isFalse();
        assertThat(pattern.regex()).isEmpty();
    }

    // each expectation was checked with Erlang's re:run/3
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "a{2}~caat~true",
                "a{2}~cat~false",
                "a{2,}~aaa~true",
                "a{1,2}b~aab~true",
                "a{,2}~aa~false",
                "a{,2}~xa{,2}x~true",
                "^{client_id}$~{client_id}~true",
                "q{x}~q{x}~true",
                "[[:alpha:]]+[[:digit:]]~ab1~true",
                "^[^[:digit:]]$~1~false",
                "^[[a]+$~[a[~true",
                "^[a&&b]+$~a&b~true",
                "^[]a]+$~]a~true",
                "^[^]a]+$~]~false",
                "^[\\]{}]+$~]{}~true",
                "^\\{x\\}$~{x}~true",
                "^\\x{41}$~A~true",
                "\\Qa.[{\\E+~a.[{~true",
                "^(?:a|b)*?c$~ababc~true",
                "(?i)ORDER~my-order~true"
            })
    void readsPatternsAsRabbitMqDoes(String regex, String name, boolean found) {
        assertThat(NamePattern.of(regex).matches(name)).isEqualTo(found);
    }

    @Test
    void onlyNewlineEndsALine() {
        assertThat(NamePattern.of("^a$").matches("a\n")).isTrue();
        assertThat(NamePattern.of("^a$").matches("a\r")).isFalse();
        assertThat(NamePattern.of("^.$").matches("\r")).isTrue();
        assertThat(NamePattern.of("^.$").matches("\n")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "*", "[[:nothing:]]", "a\\"})
    void rejectsWhatIsNoPattern(String regex) {
        assertThatThrownBy(() -> NamePattern.of(regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("invalid regular expression");
    }

    // without a limit each of these runs for longer than anybody waits
    @ParameterizedTest
    @ValueSource(strings = {"^(.*)(.*)(.*)(.*)(.*)(.*)x$", "^(a|aa)+\\1x$", "((a*)*)*\\2x$"})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void givesUpOnAPatternThatBacktracksWithoutEnd(String regex) {
        assertThat(NamePattern.of(regex).matches("a".repeat(200) + "b")).isFalse();
    }

    @Test
    void takesVariablesLiterally() {
        NamePattern pattern = NamePattern.of("^{username}\\.", Map.of("username", "a.b*"));

        assertThat(pattern.matches("a.b*.x")).isTrue();
        assertThat(pattern.matches("axbb.x")).isFalse();
        assertThat(pattern.regex()).isEqualTo("^{username}\\.");
    }

    @Test
    void isEqualByItsText() {
        assertThat(NamePattern.of("a")).isEqualTo(NamePattern.of("a")).hasSameHashCodeAs(NamePattern.of("a"));
        assertThat(NamePattern.of("a")).isNotEqualTo(NamePattern.of("b"));
        assertThat(Permission.of("u", "/", "", "a", ".*")).isEqualTo(Permission.of("u", "/", "", "a", ".*"));
    }
}
