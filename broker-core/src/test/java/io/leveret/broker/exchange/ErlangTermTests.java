package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErlangTermTests {
    @Test
    void printsScalars() {
        assertThat(ErlangTerm.print(FieldValue.of(-5))).isEqualTo("-5");
        assertThat(ErlangTerm.print(FieldValue.of(true))).isEqualTo("true");
        assertThat(ErlangTerm.print(new FieldValue('V', null))).isEqualTo("undefined");
        assertThat(ErlangTerm.print(new FieldValue('d', 1.5))).isEqualTo("1.5");
        assertThat(ErlangTerm.print(new FieldValue('d', 1e30))).isEqualTo("1.0e30");
    }

    @Test
    void printsBinariesAsTextOrAsOctets() {
        assertThat(ErlangTerm.print(FieldValue.of("abc"))).isEqualTo("<<\"abc\">>");
        assertThat(ErlangTerm.print(FieldValue.of(""))).isEqualTo("<<>>");
        assertThat(ErlangTerm.print(FieldValue.of("a\"b\\c\n"))).isEqualTo("<<\"a\\\"b\\\\c\\n\">>");
        assertThat(ErlangTerm.print(FieldValue.of("ä"))).isEqualTo("<<\"ä\"/utf8>>");
        assertThat(ErlangTerm.print(new FieldValue('x', new byte[] {1, (byte) 0xFF})))
                .isEqualTo("<<1,255>>");
    }

    @Test
    void printsTablesAndArraysWithTheTypesOfTheirElements() {
        FieldValue array = FieldValue.of(List.of(FieldValue.of("a"), FieldValue.of(1)));
        FieldTable table = TestTopology.table("k", array);

        assertThat(ErlangTerm.print(FieldValue.of(table)))
                .isEqualTo("[{<<\"k\">>,array,[{longstr,<<\"a\">>},{signedint,1}]}]");
    }

    @Test
    void leavesStringsPlainInEquivalenceErrors() {
        assertThat(ErlangTerm.text(FieldValue.of("abc"))).isEqualTo("abc");
        assertThat(ErlangTerm.text(new FieldValue('x', new byte[] {'a'}))).isEqualTo("a");
        assertThat(ErlangTerm.text(FieldValue.of(7))).isEqualTo("7");
    }
}
