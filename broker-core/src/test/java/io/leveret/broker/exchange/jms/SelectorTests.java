package io.leveret.broker.exchange.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selectors against headers i=5, d=2.5, f=0.5, s='blue', t=true, u='50%_a', big=2^53+1, list; nothing is missing. */
class SelectorTests {
    private static final FieldTable HEADERS = FieldTable.builder()
            .put("i", FieldValue.of(5))
            .put("d", new FieldValue('d', 2.5))
            .put("f", new FieldValue('f', 0.5f))
            .put("s", FieldValue.of("blue"))
            .put("t", FieldValue.of(true))
            .put("u", FieldValue.of("50%_a"))
            .put("big", FieldValue.of(9_007_199_254_740_993L))
            .put("table", FieldValue.of(FieldTable.EMPTY))
            .build();

    /** {@code $x} in the text stands for the header x. */
    private static @Nullable Object evaluate(String selector) {
        String term = selector.replaceAll("\\$(\\w+)", "{'ident',<<\"$1\">>}");
        return SelectorCompiler.compile(term).evaluate(HEADERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "unknown",
            value = {
                "'true'.                              | true",
                "false                                | false",
                "$t                                   | true",
                "$missing                             | unknown",
                "$table                               | unknown",
                // comparisons
                "{'=',$s,<<\"blue\">>}.               | true",
                "{'=',$s,<<\"red\"/utf8>>}            | false",
                "{'<>',$s,<<\"red\">>}                | true",
                "{'=',$s,<<>>}                        | false",
                "{'=',$i,5}                           | true",
                "{'=',$i,5.0}                         | true",
                "{'=',$i,16#5}                        | true",
                "{'=',$i,16#fF}                       | false",
                "{'=',$big,9007199254740992.0}        | false",
                "{'>',$big,9007199254740992.0}        | true",
                "{'<',$i,6}                           | true",
                "{'<',$i,5}                           | false",
                "{'<=',$i,5}                          | true",
                "{'>',$d,2}                           | true",
                "{'>=',$d,2.5}                        | true",
                "{'>=',$f,5.0e-1}                     | true",
                "{'<',$d,-2.5E0}                      | false",
                "{'=',$t,true}                        | true",
                "{'=',$t,'false'}                     | false",
                "{'=',$missing,1}                     | unknown",
                "{'<>',1,$missing}                    | unknown",
                "{'=',$i,<<\"5\">>}                   | false",
                "{'<',$i,<<\"5\">>}                   | true",
                "{'<',$t,<<\"5\">>}                   | true",
                "{'<',99999999999999999999,$t}        | true",
                // three values
                "{'not',$t}                           | false",
                "{'not',$missing}                     | unknown",
                "{'not',$i}                           | unknown",
                "{'and',$t,true}                      | true",
                "{'and',$t,$missing}                  | unknown",
                "{'and',$missing,false}               | false",
                "{'and',false,$missing}               | false",
                "{'or',false,$t}                      | true",
                "{'or',$missing,true}                 | true",
                "{'or',$missing,false}                | unknown",
                "{'or',false,false}                   | false",
                "{'is_null',$missing}                 | true",
                "{'is_null',$i}                       | false",
                "{'not_null',$i}                      | true",
                "{'not_null',$missing}                | false",
                // arithmetic
                "{'=',{'+',$i,2},7}                   | true",
                "{'=',{'-',$i,$d},2.5}                | true",
                "{'=',{'*',$i,3},15}                  | true",
                "{'=',{'/',$i,2},2.5}                 | true",
                "{'=',{'-',$i},-5}                    | true",
                "{'=',{'+',$i},5}                     | true",
                "{'>',{'/',$i,0},1.0e300}             | true",
                "{'<',{'/',{'-',$i},0},-1.0e300}      | true",
                "{'=',{'/',0,0},{'/',0,0}}            | false",
                "{'>',{'*',9223372036854775807,2},9223372036854775807} | true",
                "{'>',{'-',-9223372036854775808},9223372036854775807}  | true",
                "{'=',{'+',$s,1},1}                   | unknown",
                "{'=',{'-',$s},1}                     | unknown",
                "{'=',{'+',$missing,1},1}             | unknown",
                // between
                "{'between',$i,1,5}                   | true",
                "{'between',$i,{'range',6,9}}         | false",
                "{'not_between',$i,6,9}               | true",
                "{'between',$missing,6,9}             | unknown",
                "{'not_between',$missing,{'range',6,9}} | unknown",
                "{'between',$i,$missing,3}            | false",
                // in
                "{'in',$s,[<<\"red\">>,<<\"blue\">>]} | true",
                "{'in',$s,[<<\"red\">>]}              | false",
                "{'in',$s,[]}                         | false",
                "{'not_in',$s,[<<\"red\">>]}          | true",
                "{'in',$missing,[<<\"red\">>]}        | unknown",
                "{'not_in',$missing,[<<\"red\">>]}    | unknown",
                // like
                "{'like',$s,<<\"bl%\">>,no_escape}    | true",
                "{'like',$s,<<\"b_u_\">>,'no_escape'} | true",
                "{'like',$s,<<\"b_u\">>,no_escape}    | false",
                "{'like',$s,<<\"%\">>,no_escape}      | true",
                "{'like',$s,<<\"%l%e%\">>,no_escape}  | true",
                "{'like',$s,<<\"%l%b\">>,no_escape}   | false",
                "{'like',$s,<<\"b.*\">>,no_escape}    | false",
                "{'like',$s,<<\"\">>,no_escape}       | false",
                "{'not_like',$s,<<\"r%\">>,no_escape} | true",
                "{'like',$missing,<<\"%\">>,no_escape}     | unknown",
                "{'not_like',$missing,<<\"%\">>,no_escape} | unknown",
                "{'like',$i,<<\"5\">>,no_escape}      | unknown",
                "{'like',$u,<<\"50!%!_a\">>,<<\"!\">>} | true",
                "{'like',$u,<<\"5!%!_a\">>,<<\"!\">>} | false",
                "{'like',$u,<<\"50\\\\%\\\\__\">>,<<\"\\\\\">>} | true",
                "{'like',<<\"a!\">>,<<\"a!\">>,<<\"!\">>} | true",
                // blanks and quotes
                "{ 'and' ,\t{ '=' , $s , << \"blue\" >> } , 'true' } .  | true",
                "{'=',<<\"a\\\"b\\\\c\">>,<<\"a\\\"b\\\\c\">>} | true"
            })
    void evaluates(String selector, @Nullable Boolean expected) {
        assertThat(evaluate(selector)).as(selector).isEqualTo(expected);
    }
}
