package io.leveret.broker.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryDefinitionStoreTests {
    private final DefinitionStore store = new InMemoryDefinitionStore();

    @Test
    void loadsInTheOrderThingsDependOnOneAnother() {
        Definition binding = new Definition.Binding("/", "e", "q", true, "k", FieldTable.EMPTY);
        Definition queue = new Definition.Queue("/", "q", false, FieldTable.EMPTY, 1);
        Definition exchange = new Definition.Exchange("/", "e", "direct", true, false, false, FieldTable.EMPTY);
        Definition topic = new Definition.TopicPermission("u", "/", "e", "", "");
        Definition permission = new Definition.Permission("u", "/", "", "", "");
        Definition user = new Definition.User("u", "", "", Set.of());
        Definition vhost = Definition.VirtualHost.named("/");
        put(binding, queue, exchange, topic, permission, user, vhost);
        assertThat(store.load()).containsExactly(vhost, user, permission, topic, exchange, queue, binding);
    }

    @Test
    void replacesAndRemovesByKey() {
        put(new Definition.Permission("u", "/", "a", "a", "a"));
        put(new Definition.Permission("u", "/", "b", "b", "b"));
        assertThat(store.load()).containsExactly(new Definition.Permission("u", "/", "b", "b", "b"));
        store.apply(List.of(new DefinitionChange.Delete(new Definition.Permission("u", "/", "", "", ""))));
        assertThat(store.load()).isEmpty();
    }

    @Test
    void forgivesRemovingWhatIsNotThere() {
        store.apply(List.of(new DefinitionChange.Delete(Definition.VirtualHost.named("v"))));
        assertThat(store.load()).isEmpty();
    }

    @Test
    void bindingsThatDifferInKeyArgumentsOrKindOfDestinationAreDifferent() {
        FieldTable arguments = FieldTable.EMPTY.with("a", FieldValue.of(1));
        put(
                new Definition.Binding("/", "e", "d", true, "k", FieldTable.EMPTY),
                new Definition.Binding("/", "e", "d", false, "k", FieldTable.EMPTY),
                new Definition.Binding("/", "e", "d", true, "k2", FieldTable.EMPTY),
                new Definition.Binding("/", "e", "d", true, "k", arguments),
                new Definition.Binding("/", "e", "d", true, "k", arguments));
        assertThat(store.load()).hasSize(4);
    }

    private void put(Definition... definitions) {
        for (Definition definition : definitions) {
            store.apply(List.of(new DefinitionChange.Put(definition)));
        }
    }
}
