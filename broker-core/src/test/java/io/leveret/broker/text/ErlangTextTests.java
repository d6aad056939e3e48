package io.leveret.broker.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErlangTextTests {

    @Test
    void printsJsonAsErlangHoldsIt() {
        assertThat(ErlangText.json("a")).isEqualTo("<<\"a\">>");
        assertThat(ErlangText.json("é")).isEqualTo("<<\"é\"/utf8>>");
        assertThat(ErlangText.json("")).isEqualTo("<<>>");
        assertThat(ErlangText.json(-1L)).isEqualTo("-1");
        assertThat(ErlangText.json(1.5)).isEqualTo("1.5");
        assertThat(ErlangText.json(true)).isEqualTo("true");
        assertThat(ErlangText.json(null)).isEqualTo("null");
        assertThat(ErlangText.json(List.of(1L, "b"))).isEqualTo("[1,<<\"b\">>]");
        assertThat(ErlangText.json(Map.of("a", 1L))).isEqualTo("#{<<\"a\">> => 1}");
    }

    @Test
    void listsSettingsByName() {
        assertThat(ErlangText.settings(Map.of("foo", 1L, "bar", "a")))
                .isEqualTo("[{<<\"bar\">>,<<\"a\">>},{<<\"foo\">>,1}]");
    }
}
