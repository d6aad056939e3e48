package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link DefinitionStore} does. */
abstract class DefinitionStoreContract {
    private static final FieldTable ARGUMENTS = FieldTable.builder()
            .put("x-max-length", FieldValue.of(10))
            .put("x-message-ttl", FieldValue.of(Long.MAX_VALUE))
            .put("short", new FieldValue('s', -7L))
            .put("flag", FieldValue.of(true))
            .put("void", new FieldValue('V', null))
            .put("bytes", new FieldValue('x', new byte[] {0, -1, 1}))
            .put("float", new FieldValue('f', 1.5f))
            .put("double", new FieldValue('d', -0.0))
            .put("decimal", new FieldValue('D', new BigDecimal("12.50")))
            .put("time", FieldValue.timestamp(1_700_000_000))
            .put("array", FieldValue.of(List.of(FieldValue.of("a"), FieldValue.of(1L))))
            .put("table", FieldValue.of(FieldTable.EMPTY.with("inner", FieldValue.of("\u0000\uDC80"))))
            .build();

    private static final Map<String, Object> JSON = Map.of(
            "max-length",
            10L,
            "ratio",
            1.0,
            "flag",
            true,
            "text",
            "a \"quoted\"\n\u0000 text",
            "list",
            List.of(1L, "two", List.of()),
            "map",
            Map.of("nested", Map.of("deep", -1L)));

    /** AMQP allows any bytes; those that are not UTF-8 are lone low surrogates. */
    private static final List<String> NAMES = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\u001A0000",
            "\uDC80\uDCFF",
            "\uD83D\uDC07\uDCFF",
            "\\x00'\";--",
            "%_",
            "\n\t\r",
            "\uFFFF\uFFFE",
            "e\u0301 \u00e9");

    private static final List<Definition> ONE_OF_EACH = List.of(
            new Definition.VirtualHost("v", "described", Set.of("tag", "with, comma"), "quorum"),
            new Definition.User("u", "aGFzaA==", "rabbit_password_hashing_sha256", Set.of("administrator")),
            new Definition.Permission("u", "v", "^conf\\.", "", ".*"),
            new Definition.TopicPermission("u", "v", "amq.topic", "^w", "^r"),
            new Definition.VirtualHostLimit("v", "max-queues", Long.MAX_VALUE),
            new Definition.UserLimit("u", "max-channels", -1),
            new Definition.Parameter("v", "federation-upstream", "up", JSON),
            new Definition.Policy("v", "p", false, "^", "all", Integer.MIN_VALUE, JSON),
            new Definition.Exchange("v", "e", "x-delayed-message", true, true, true, ARGUMENTS, 8),
            new Definition.Queue("v", "q", true, ARGUMENTS, Long.MAX_VALUE),
            new Definition.Binding("v", "e", "q", true, "k", ARGUMENTS));

    /** The store under test, empty at first; after {@link #reopen()} another one on the same. */
    abstract DefinitionStore store();

    /** Closes the store and opens it again. */
    abstract void reopen();

    @Test
    void isEmptyAtFirst() {
        assertThat(store().load()).isEmpty();
    }

    @Test
    void keepsEveryKindOfDefinitionWithAllThatIsInIt() {
        put(ONE_OF_EACH);
        assertThat(store().load()).containsExactlyElementsOf(ONE_OF_EACH);
        reopen();
        assertThat(store().load()).containsExactlyElementsOf(ONE_OF_EACH);
    }

    @Test
    void loadsInTheOrderThingsDependOnOneAnother() {
        List<Definition> backwards = new ArrayList<>(ONE_OF_EACH);
        Collections.reverse(backwards);
        backwards.forEach(definition -> put(List.of(definition)));
        assertThat(store().load()).containsExactlyElementsOf(ONE_OF_EACH);
    }

    @Test
    void replacesEveryKindOfDefinition() {
        List<Definition> changed = List.of(
                Definition.VirtualHost.named("v"),
                new Definition.User("u", "", "", Set.of()),
                new Definition.Permission("u", "v", "a", "b", "c"),
                new Definition.TopicPermission("u", "v", "amq.topic", "", ""),
                new Definition.VirtualHostLimit("v", "max-queues", 0),
                new Definition.UserLimit("u", "max-channels", 7),
                new Definition.Parameter("v", "federation-upstream", "up", "text"),
                new Definition.Policy("v", "p", false, ".", "queues", 3, Map.of()),
                new Definition.Exchange("v", "e", "topic", true, false, false, FieldTable.EMPTY),
                new Definition.Queue("v", "q", false, FieldTable.EMPTY, 12),
                new Definition.Binding("v", "e", "q", true, "k", ARGUMENTS));
        put(ONE_OF_EACH);
        put(changed);
        assertThat(store().load()).containsExactlyElementsOf(changed);
        reopen();
        assertThat(store().load()).containsExactlyElementsOf(changed);
    }

    @Test
    void deletesEveryKindOfDefinition() {
        put(ONE_OF_EACH);
        delete(ONE_OF_EACH);
        assertThat(store().load()).isEmpty();
        reopen();
        assertThat(store().load()).isEmpty();
    }

    @Test
    void deletesByKeyWhateverElseIsSaid() {
        put(ONE_OF_EACH);
        delete(List.of(
                new Definition.Queue("v", "q", false, FieldTable.EMPTY, 0),
                Definition.VirtualHost.named("v"),
                new Definition.User("u", "", "", Set.of())));
        assertThat(store().load())
                .hasSize(ONE_OF_EACH.size() - 3)
                .noneMatch(left -> left instanceof Definition.Queue || left instanceof Definition.User);
    }

    @Test
    void forgivesDeletingWhatIsNotThere() {
        put(List.of(Definition.VirtualHost.named("stays")));
        delete(ONE_OF_EACH);
        assertThat(store().load()).containsExactly(Definition.VirtualHost.named("stays"));
    }

    @Test
    void makesTheChangesOfAListOneAfterAnother() {
        Definition first = new Definition.Queue("v", "q", false, FieldTable.EMPTY, 1);
        Definition second = new Definition.Queue("v", "q", true, FieldTable.EMPTY, 2);
        Definition other = new Definition.Queue("v", "r", true, FieldTable.EMPTY, 3);
        store().apply(List.of(
                new DefinitionChange.Put(first),
                new DefinitionChange.Put(other),
                new DefinitionChange.Delete(first),
                new DefinitionChange.Put(second),
                new DefinitionChange.Delete(other)));
        assertThat(store().load()).containsExactly(second);
    }

    @Test
    void makesNoChangeOfAnEmptyList() {
        store().apply(List.of());
        assertThat(store().load()).isEmpty();
    }

    @Test
    void tellsKeysApart() {
        List<Definition> different = List.of(
                Definition.VirtualHost.named("a"),
                Definition.VirtualHost.named("A"),
                Definition.VirtualHost.named("a "),
                Definition.VirtualHost.named(""),
                new Definition.Permission("ab", "c", "", "", ""),
                new Definition.Permission("a", "bc", "", "", ""),
                new Definition.Parameter(null, "c", "n", 1L),
                new Definition.Parameter("", "c", "n", 1L),
                new Definition.Policy("v", "p", false, "", "all", 0, Map.of()),
                new Definition.Policy("v", "p", true, "", "all", 0, Map.of()));
        put(different);
        reopen();
        assertThat(store().load()).containsExactlyInAnyOrderElementsOf(different);
    }

    @Test
    void tellsBindingsApartByKeyArgumentsAndKindOfDestination() {
        FieldTable one = FieldTable.EMPTY.with("a", FieldValue.of(1)).with("b", FieldValue.of(2));
        FieldTable same = FieldTable.EMPTY.with("b", FieldValue.of(2)).with("a", FieldValue.of(1));
        FieldTable otherType = FieldTable.EMPTY.with("a", FieldValue.of(1L)).with("b", FieldValue.of(2));
        put(List.of(
                new Definition.Binding("/", "e", "d", true, "k", FieldTable.EMPTY),
                new Definition.Binding("/", "e", "d", false, "k", FieldTable.EMPTY),
                new Definition.Binding("/", "e", "d", true, "K", FieldTable.EMPTY),
                new Definition.Binding("/", "e", "d", true, "k", one),
                new Definition.Binding("/", "e", "d", true, "k", same),
                new Definition.Binding("/", "e", "d", true, "k", nested(one)),
                new Definition.Binding("/", "e", "d", true, "k", nested(same)),
                new Definition.Binding("/", "e", "d", true, "k", otherType)));
        assertThat(store().load()).hasSize(6);
        delete(List.of(
                new Definition.Binding("/", "e", "d", true, "k", same),
                new Definition.Binding("/", "e", "d", true, "k", nested(same))));
        assertThat(store().load()).hasSize(4);
    }

    private static FieldTable nested(FieldTable table) {
        return FieldTable.EMPTY.with("list", FieldValue.of(List.of(FieldValue.of(table))));
    }

    @Test
    void keepsAnyName() {
        List<Definition> named = new ArrayList<>();
        for (String name : NAMES) {
            named.add(new Definition.VirtualHost(name, name, Set.of(name), name));
        }
        for (String name : NAMES) {
            named.add(new Definition.Parameter(name, name, name, Map.of(name, name)));
        }
        for (String name : NAMES) {
            FieldTable arguments = FieldTable.EMPTY.with(name, FieldValue.of(name));
            named.add(new Definition.Queue(name, name, false, arguments, 1));
        }
        put(named);
        reopen();
        assertThat(store().load()).containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void keepsLongNamesAndValues() {
        String name = "\u0000".repeat(255);
        String text = "0123456789abcdef".repeat(100_000);
        List<Definition> long_ = List.of(
                new Definition.VirtualHost(name, text, Set.of(text), name),
                new Definition.Parameter(null, "global", name, Map.of("list", Collections.nCopies(50_000, "\u00e9"))),
                new Definition.Policy(name, name, true, name, "all", 0, Map.of("text", text)),
                new Definition.Queue(name, name, false, FieldTable.EMPTY.with("x-long", FieldValue.of(text)), 1),
                new Definition.Binding(
                        name, name, name, true, name, FieldTable.EMPTY.with("x-long", FieldValue.of(text))));
        put(long_);
        reopen();
        assertThat(store().load()).containsExactlyElementsOf(long_);
    }

    @Test
    void keepsNullsInsideAParameter() {
        Map<String, Object> members = new java.util.HashMap<>();
        members.put("nothing", null);
        members.put("list", Arrays.asList(1L, null));
        Definition parameter = new Definition.Parameter("v", "c", "n", members);
        put(List.of(parameter));
        reopen();
        assertThat(store().load()).containsExactly(parameter);
    }

    @Test
    void takesManyChangesAtOnce() {
        List<Definition> queues = IntStream.range(0, 3_000)
                .<Definition>mapToObj(i -> new Definition.Queue("v", "q" + i, false, FieldTable.EMPTY, i + 1))
                .toList();
        put(queues);
        List<Definition> bindings = IntStream.range(0, 3_000)
                .<Definition>mapToObj(i -> new Definition.Binding("v", "e", "q" + i, true, "k", FieldTable.EMPTY))
                .toList();
        put(bindings);
        delete(queues.subList(0, 2_000));
        reopen();
        assertThat(store().load())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(2_000, 6_000)
                        .mapToObj(i -> i < 3_000 ? queues.get(i) : bindings.get(i - 3_000))
                        .toList());
    }

    final void put(List<? extends Definition> definitions) {
        store().apply(definitions.stream()
                .<DefinitionChange>map(DefinitionChange.Put::new)
                .toList());
    }

    final void delete(List<? extends Definition> definitions) {
        store().apply(definitions.stream()
                .<DefinitionChange>map(DefinitionChange.Delete::new)
                .toList());
    }
}
