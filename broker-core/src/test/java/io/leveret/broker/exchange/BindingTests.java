package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BindingTests {
    private final TestTopology topology = new TestTopology();
    private final Exchange exchange = topology.exchange("e", ExchangeTypes.TOPIC);

    @Test
    void isNamedByItsEncodedKey() {
        assertThat(propertiesKey("", FieldTable.EMPTY)).isEqualTo("~");
        assertThat(propertiesKey("a.*.#", FieldTable.EMPTY)).isEqualTo("a.%2A.%23");
        assertThat(propertiesKey("~ é+-_.!", FieldTable.EMPTY)).isEqualTo("%7E+%C3%A9%2B-_.%21");
    }

    @Test
    void isNamedByItsKeyAndAHashOfItsArguments() {
        FieldTable one = TestTopology.table("a", FieldValue.of(1));

        assertThat(propertiesKey("k", one)).matches("k~[A-Za-z0-9_-]{6}");
        assertThat(propertiesKey("", one)).matches("~[A-Za-z0-9_-]{6}");
        assertThat(propertiesKey("k", one))
                .isNotEqualTo(propertiesKey("k", TestTopology.table("a", FieldValue.of(1L))));
    }

    @Test
    void hasTheSameNameWhateverTheOrderOfItsArguments() {
        Map<String, FieldValue> backwards = new LinkedHashMap<>();
        backwards.put("b", FieldValue.of("2"));
        backwards.put("a", FieldValue.of(1));
        Map<String, FieldValue> forwards = new LinkedHashMap<>();
        forwards.put("a", FieldValue.of(1));
        forwards.put("b", FieldValue.of("2"));

        assertThat(propertiesKey("k", FieldTable.of(backwards))).isEqualTo(propertiesKey("k", FieldTable.of(forwards)));
    }

    private String propertiesKey(String key, FieldTable arguments) {
        return new Binding(exchange, topology.queue("q"), key, arguments).propertiesKey();
    }
}
