package io.leveret.broker.definition.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsFile.DefinitionEntry;
import io.leveret.broker.definition.DefinitionsFile.Entry;
import io.leveret.broker.definition.DefinitionsFile.QueueEntry;
import io.leveret.broker.definition.DefinitionsFile.UserEntry;
import io.leveret.broker.definition.DefinitionsFile.VirtualHostEntry;
import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsReaderTests {
    private static final String MD5 = "rabbit_password_hashing_md5";
    private static final String SHA256 = "rabbit_password_hashing_sha256";

    @Test
    void readsAnEmptyObject() {
        assertThat(read("{}").entries()).isEmpty();
    }

    @Test
    void readsAUserWithHashAndTagsInAList() {
        UserEntry user = user("{'name':'u','password_hash':'aGFzaA==','hashing_algorithm':'" + MD5
                + "','tags':['administrator','monitoring'],'limits':{}}");
        assertThat(user.name()).isEqualTo("u");
        assertThat(user.password()).isNull();
        assertThat(user.passwordHash()).isEqualTo("aGFzaA==");
        assertThat(user.hashingAlgorithm()).isEqualTo(MD5);
        assertThat(user.tags()).containsExactlyInAnyOrder("administrator", "monitoring");
    }

    @Test
    void readsTagsInOneText() {
        assertThat(user("{'name':'u','tags':'policymaker, management'}").tags())
                .containsExactlyInAnyOrder("policymaker", "management");
        assertThat(user("{'name':'u','tags':''}").tags()).isEmpty();
    }

    @Test
    void readsTheAdministratorFlagOfOldFiles() {
        assertThat(user("{'name':'u','administrator':true}").tags()).containsExactly("administrator");
        assertThat(user("{'name':'u','administrator':false}").tags()).isEmpty();
    }

    @Test
    void readsAPlainPasswordAndNeverPrintsIt() {
        UserEntry user = user("{'name':'u','password':'s3cret','tags':[]}");
        assertThat(user.password()).isEqualTo("s3cret");
        assertThat(user.toString()).doesNotContain("s3cret");
    }

    @Test
    void aUserWithoutPasswordAndHashHasAnEmptyHash() {
        assertThat(user("{'name':'u','tags':[]}").passwordHash()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rabbit_version, 3.0.4, " + MD5,
        "rabbit_version, 3.5.7, " + MD5,
        "rabbit_version, 3.6.0, " + SHA256,
        "rabbitmq_version, 4.3.0, " + SHA256,
        "rabbitmq_version, 3.5.7, " + MD5,
        "something_else, 3.5.7, " + SHA256,
    })
    void choosesTheHashingAlgorithmOfTheVersionThatWroteTheFile(String member, String version, String algorithm) {
        // the version may stand behind the users
        DefinitionsFile file =
                read("{'users':[{'name':'u','password_hash':'','tags':[]}],'" + member + "':'" + version + "'}");
        assertThat(file.entries())
                .singleElement()
                .isInstanceOfSatisfying(
                        UserEntry.class,
                        user -> assertThat(user.hashingAlgorithm()).isEqualTo(algorithm));
    }

    @Test
    void readsLimitsOfUsersAsObjectOrEmptyList() {
        assertThat(definitions("users", "{'name':'u','tags':[],'limits':{'max-connections':5,'max-channels':-1}}"))
                .containsExactly(
                        new Definition.UserLimit("u", "max-connections", 5),
                        new Definition.UserLimit("u", "max-channels", -1));
        assertThat(definitions("users", "{'name':'u','tags':[],'limits':[]}")).isEmpty();
    }

    @Test
    void readsAVirtualHostWithMetadata() {
        DefinitionsFile file = read("{'vhosts':[{'name':'v','metadata':{'description':'d','tags':['a','b'],"
                + "'default_queue_type':'quorum'},'limits':[['max-queues',3]]}]}");
        assertThat(file.entries().get(0)).isInstanceOfSatisfying(VirtualHostEntry.class, vhost -> {
            assertThat(vhost.name()).isEqualTo("v");
            assertThat(vhost.description()).isEqualTo("d");
            assertThat(vhost.tags()).containsExactlyInAnyOrder("a", "b");
            assertThat(vhost.defaultQueueType()).isEqualTo("quorum");
        });
        assertThat(definition(file.entries().get(1))).isEqualTo(new Definition.VirtualHostLimit("v", "max-queues", 3));
    }

    @Test
    void prefersWhatStandsBesideTheMetadata() {
        VirtualHostEntry vhost = (VirtualHostEntry) single(
                "vhosts",
                "{'name':'v','description':'outer','tags':'x,y','default_queue_type':'classic',"
                        + "'metadata':{'description':'inner','tags':['z'],'default_queue_type':'quorum'}}");
        assertThat(vhost.description()).isEqualTo("outer");
        assertThat(vhost.tags()).isEqualTo(Set.of("x", "y"));
        assertThat(vhost.defaultQueueType()).isEqualTo("classic");
    }

    @Test
    void saysNothingAboutMetadataThatIsNotThere() {
        VirtualHostEntry vhost = (VirtualHostEntry) single("vhosts", "{'name':'v','default_queue_type':'undefined'}");
        assertThat(vhost.description()).isNull();
        assertThat(vhost.tags()).isNull();
        assertThat(vhost.defaultQueueType()).isNull();
    }

    @Test
    void readsPermissions() {
        assertThat(definitions("permissions", "{'user':'u','vhost':'/','configure':'c','write':'w','read':'r'}"))
                .containsExactly(new Definition.Permission("u", "/", "c", "w", "r"));
        assertThat(definitions("topic_permissions", "{'user':'u','vhost':'/','exchange':'e','write':'w','read':'r'}"))
                .containsExactly(new Definition.TopicPermission("u", "/", "e", "w", "r"));
    }

    @Test
    void readsAnExchangeWithDefaults() {
        assertThat(definitions("exchanges", "{'name':'e','vhost':'/','type':'topic'}"))
                .containsExactly(new Definition.Exchange("/", "e", "topic", true, false, false, FieldTable.EMPTY));
        assertThat(definitions(
                        "exchanges",
                        "{'name':'e','vhost':'/','type':'fanout','durable':false,'auto_delete':true,'internal':true,"
                                + "'arguments':{'alternate-exchange':'ae'}}"))
                .containsExactly(new Definition.Exchange(
                        "/",
                        "e",
                        "fanout",
                        false,
                        true,
                        true,
                        FieldTable.builder()
                                .put("alternate-exchange", FieldValue.of("ae"))
                                .build()));
    }

    @Test
    void readsAQueueWithDefaults() {
        QueueEntry queue = queue("{'name':'q','vhost':'/'}");
        assertThat(queue.durable()).isTrue();
        assertThat(queue.autoDelete()).isFalse();
        assertThat(queue.arguments().isEmpty()).isTrue();
    }

    @Test
    void readsFlagsThatAreTexts() {
        QueueEntry queue = queue("{'name':'q','vhost':'/','durable':'false','auto_delete':'true'}");
        assertThat(queue.durable()).isFalse();
        assertThat(queue.autoDelete()).isTrue();
    }

    @Test
    void fillsTheQueueTypeFromTheTypeBesideTheArguments() {
        assertThat(queue("{'name':'q','vhost':'/','type':'quorum','arguments':{}}")
                        .arguments()
                        .get("x-queue-type"))
                .isEqualTo(FieldValue.of("quorum"));
        assertThat(queue("{'name':'q','vhost':'/','type':'quorum','arguments':{'x-queue-type':'classic'}}")
                        .arguments()
                        .get("x-queue-type"))
                .isEqualTo(FieldValue.of("classic"));
    }

    @Test
    void givesArgumentsTheTypesThatRabbitMqGivesThem() {
        FieldTable arguments = queue("{'name':'q','vhost':'/','arguments':{'i':5,'big':9223372036854775807,'n':-1,"
                        + "'f':1.5,'e':1e3,'s':'text','t':true,'o':{'k':'v'},'a':[1,'x',[false]],'z':null}}")
                .arguments();
        assertThat(arguments)
                .isEqualTo(FieldTable.builder()
                        .put("i", new FieldValue('l', 5L))
                        .put("big", new FieldValue('l', Long.MAX_VALUE))
                        .put("n", new FieldValue('l', -1L))
                        .put("f", new FieldValue('d', 1.5))
                        .put("e", new FieldValue('d', 1000.0))
                        .put("s", new FieldValue('S', "text"))
                        .put("t", new FieldValue('t', true))
                        .put(
                                "o",
                                FieldValue.of(FieldTable.builder()
                                        .put("k", FieldValue.of("v"))
                                        .build()))
                        .put(
                                "a",
                                FieldValue.of(List.of(
                                        FieldValue.of(1L),
                                        FieldValue.of("x"),
                                        FieldValue.of(List.of(FieldValue.of(false))))))
                        .put("z", new FieldValue('V', null))
                        .build());
    }

    @Test
    void readsAnEmptyListForNoArguments() {
        assertThat(queue("{'name':'q','vhost':'/','arguments':[]}").arguments().isEmpty())
                .isTrue();
    }

    @Test
    void readsBindings() {
        assertThat(definitions(
                        "bindings",
                        "{'source':'e','vhost':'/','destination':'q','destination_type':'queue','routing_key':'k',"
                                + "'arguments':{'x-match':'any'}}"))
                .containsExactly(new Definition.Binding(
                        "/",
                        "e",
                        "q",
                        true,
                        "k",
                        FieldTable.builder()
                                .put("x-match", FieldValue.of("any"))
                                .build()));
        assertThat(definitions(
                        "bindings",
                        "{'source':'e','vhost':'/','destination':'f','destination_type':'exchange','routing_key':''}"))
                .containsExactly(new Definition.Binding("/", "e", "f", false, "", FieldTable.EMPTY));
    }

    @Test
    void readsPolicies() {
        assertThat(definitions(
                        "policies",
                        "{'vhost':'/','name':'p','pattern':'^q','apply-to':'queues','priority':7,"
                                + "'definition':{'max-length':10,'overflow':'drop-head','flag':true,'d':0.5}}"))
                .containsExactly(new Definition.Policy(
                        "/",
                        "p",
                        false,
                        "^q",
                        "queues",
                        7,
                        Map.of("max-length", 10L, "overflow", "drop-head", "flag", true, "d", 0.5)));
        assertThat(definitions("policies", "{'vhost':'/','name':'p','pattern':'^q','definition':{'expires':1}}"))
                .containsExactly(new Definition.Policy("/", "p", false, "^q", "all", 0, Map.of("expires", 1L)));
    }

    @Test
    void readsOperatorPoliciesAndLimitsOutOfTheParameters() {
        assertThat(definitions(
                        "parameters",
                        "{'vhost':'/','component':'operator_policy','name':'o','value':{'pattern':'.*','apply-to':'queues',"
                                + "'priority':1,'definition':[['max-length',5]]}}"))
                .containsExactly(new Definition.Policy("/", "o", true, ".*", "queues", 1, Map.of("max-length", 5L)));
        assertThat(definitions(
                        "parameters",
                        "{'vhost':'/','component':'vhost-limits','name':'limits','value':{'max-connections':2,"
                                + "'max-queues':3}}"))
                .containsExactly(
                        new Definition.VirtualHostLimit("/", "max-connections", 2),
                        new Definition.VirtualHostLimit("/", "max-queues", 3));
    }

    @Test
    void readsOtherParameters() {
        assertThat(definitions(
                        "parameters",
                        "{'vhost':'/','component':'federation-upstream','name':'up','value':{'uri':'amqp://x','n':1}}"))
                .containsExactly(
                        new Definition.Parameter("/", "federation-upstream", "up", Map.of("uri", "amqp://x", "n", 1L)));
        assertThat(definitions("global_parameters", "{'name':'cluster_name','value':'rabbit@x'}"))
                .containsExactly(new Definition.Parameter(null, "global", "cluster_name", "rabbit@x"));
    }

    @Test
    void putsTheSectionsInTheOrderOfTheImport() {
        DefinitionsFile file =
                read("{'bindings':[{'source':'e','vhost':'/','destination':'q','destination_type':'queue',"
                        + "'routing_key':''}],'queues':[{'name':'q','vhost':'/'}],'parameters':[],"
                        + "'permissions':[{'user':'u','vhost':'/','configure':'','write':'','read':''}],"
                        + "'vhosts':[{'name':'/'}],'exchanges':[{'name':'e','vhost':'/','type':'topic'}],"
                        + "'users':[{'name':'u','tags':[]}]}");
        assertThat(file.entries())
                .extracting(entry -> entry.place().section())
                .containsExactly("users", "vhosts", "permissions", "exchanges", "queues", "bindings");
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertThat(read("{'explanation':'a \\\"cluster\\\"','product_name':'X','newer':[{'a':[1,{'b':2}]}],"
                                + "'users':null,'queues':[{'name':'q','vhost':'/','messages':3,'node':{'x':[]}}]}")
                        .entries())
                .singleElement()
                .isInstanceOf(QueueEntry.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void readsOtherEncodingsAndAByteOrderMark(String charset) {
        byte[] json = "\uFEFF{\"queues\":[{\"name\":\"grün\",\"vhost\":\"/\"}]}".getBytes(Charset.forName(charset));
        assertThat(DefinitionsReader.read("f", json).entries())
                .singleElement()
                .isInstanceOfSatisfying(
                        QueueEntry.class, queue -> assertThat(queue.name()).isEqualTo("grün"));
    }

    @Test
    void readsTheFormForOneVirtualHost() {
        DefinitionsFile file =
                read("{'queues':[{'name':'q','arguments':{}}],'exchanges':[{'name':'e','type':'direct'}],"
                        + "'bindings':[{'source':'e','destination':'q','destination_type':'queue','routing_key':'k'}],"
                        + "'policies':[{'name':'p','pattern':'','definition':{'expires':1}}],"
                        + "'parameters':[{'component':'vhost-limits','name':'limits','value':{'max-queues':9}}],"
                        + "'users':[{'name':'ignored'}],'limits':{'max-connections':4},"
                        + "'metadata':{'description':'d','tags':['t']},'default_queue_type':'classic',"
                        + "'original_vhost_name':'v','rabbitmq_definition_format':'single_virtual_host'}");
        assertThat(file.entries().get(0)).isInstanceOfSatisfying(VirtualHostEntry.class, vhost -> {
            assertThat(vhost.name()).isEqualTo("v");
            assertThat(vhost.description()).isEqualTo("d");
            assertThat(vhost.tags()).containsExactly("t");
            assertThat(vhost.defaultQueueType()).isEqualTo("classic");
        });
        assertThat(file.has(UserEntry.class)).isFalse();
        assertThat(file.entries())
                .filteredOn(QueueEntry.class::isInstance)
                .singleElement()
                .satisfies(entry -> assertThat(((QueueEntry) entry).vhost()).isEqualTo("v"));
        assertThat(definitionsOf(file))
                .contains(
                        new Definition.VirtualHostLimit("v", "max-connections", 4),
                        new Definition.VirtualHostLimit("v", "max-queues", 9),
                        new Definition.Policy("v", "p", false, "", "all", 0, Map.of("expires", 1L)),
                        new Definition.Exchange("v", "e", "direct", true, false, false, FieldTable.EMPTY),
                        new Definition.Binding("v", "e", "q", true, "k", FieldTable.EMPTY));
    }

    @Test
    void readsAnyFileIntoOneVirtualHost() {
        byte[] json = json("{'vhosts':[{'name':'/'}],'users':[{'name':'u','tags':[]}],"
                + "'queues':[{'name':'q','vhost':'/'},{'name':'r'}]}");
        assertThat(DefinitionsReader.readInto("target", "f", json).entries())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(((QueueEntry) entry).vhost()).isEqualTo("target"));
    }

    @Test
    void readsWhatRabbitMq310Exports() throws IOException {
        DefinitionsFile file = DefinitionsReader.read("rabbitmq-3.10.json", export());
        assertThat(file.entries())
                .filteredOn(QueueEntry.class::isInstance)
                .extracting(entry -> ((QueueEntry) entry).name())
                .containsExactlyInAnyOrder("orders.new", "orders.priority", "orders.unrouted", "orders.tmp.1");
        assertThat(file.entries())
                .filteredOn(UserEntry.class::isInstance)
                .extracting(entry -> ((UserEntry) entry).name())
                .containsExactlyInAnyOrder("app", "audit", "nologin");
        assertThat(definitionsOf(file))
                .contains(
                        new Definition.TopicPermission("app", "orders", "orders.topic", "^{username}\\.", ".*"),
                        new Definition.Policy("orders", "cap", true, ".*", "queues", 0, Map.of("max-length", 100_000L)),
                        new Definition.VirtualHostLimit("orders", "max-queues", 1000),
                        new Definition.UserLimit("app", "max-channels", 100),
                        new Definition.Binding(
                                "orders",
                                "orders.topic",
                                "orders.unrouted",
                                false,
                                "*.failed",
                                FieldTable.builder()
                                        .put(
                                                "note",
                                                FieldValue.of(FieldTable.builder()
                                                        .put(
                                                                "by",
                                                                FieldValue.of(List.of(
                                                                        FieldValue.of("ops"), FieldValue.of(1L))))
                                                        .build()))
                                        .build()));
        assertThat(file.entries())
                .filteredOn(VirtualHostEntry.class::isInstance)
                .extracting(entry -> ((VirtualHostEntry) entry).tags())
                .contains(Set.of("production", "eu"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "queues | {'vhost':'/'} | queues[0] (line 1): 'name' is missing",
                "queues | {'name':'','vhost':'/'} | queues[0] (line 1): 'name' is empty",
                "queues | {'name':5,'vhost':'/'} | queues[0] (line 1): 'name' is not a text but 5",
                "queues | {'name':'q','vhost':'/','durable':1} | queues[0] 'q' in vhost '/' (line 1): 'durable' is neither true nor false but 1",
                "queues | {'name':'q','vhost':'/','arguments':'x'} | queues[0] 'q' in vhost '/' (line 1): 'arguments' is not an object but a text",
                "queues | {'name':'q'} | queues[0] (line 1): 'q': 'vhost' is missing",
                "queues | 'q' | queues[0] (line 1): is not an object",
                "queues | {'name':'q','vhost':'/','arguments':{'n':9223372036854775808}} | queues[0] (line 1): a number does not fit into 64 bits: 9223372036854775808",
                "queues | {'name':'q','vhost':'/','arguments':{'n':1e999}} | queues[0] (line 1): a number does not fit into 64 bits: 1e999",
                "exchanges | {'name':'e','vhost':'/'} | exchanges[0] 'e' in vhost '/' (line 1): 'type' is missing",
                "bindings | {'source':'e','vhost':'/','destination':'q','destination_type':'topic','routing_key':''} | bindings[0] from 'e' to 'q' in vhost '/' (line 1): 'destination_type' is 'topic'",
                "bindings | {'source':'e','vhost':'/','destination':'q','destination_type':'queue'} | 'routing_key' is missing",
                "users | {'name':'u'} | users[0] 'u' (line 1): 'tags' is missing",
                "users | {'name':'u','tags':[1]} | users[0] 'u' (line 1): a tag is not a text but 1",
                "users | {'name':'u','tags':'','password':'p','password_hash':'h'} | users[0] 'u' (line 1): has both 'password' and 'password_hash'",
                "users | {'name':'u','tags':'','limits':{'max-channels':'x'}} | users[0] 'u' (line 1): the limit 'max-channels' is not a whole number but a text",
                "permissions | {'user':'u','vhost':'/','configure':'','write':''} | permissions[0] of 'u' in vhost '/' (line 1): 'read' is missing",
                "policies | {'vhost':'/','name':'p','definition':{}} | policies[0] 'p' in vhost '/' (line 1): 'pattern' is missing",
                "policies | {'vhost':'/','name':'p','pattern':''} | policies[0] 'p' in vhost '/' (line 1): 'definition' is missing",
                "policies | {'vhost':'/','name':'p','pattern':'','definition':{'a':null}} | 'a' in 'definition' is null",
                "policies | {'vhost':'/','name':'p','pattern':'','definition':{},'priority':'high'} | 'priority' is not a whole number of 32 bits but a text",
                "parameters | {'vhost':'/','component':'shovel','name':'s'} | parameters[0] 'shovel/s' in vhost '/' (line 1): 'value' is missing",
            })
    void namesTheEntryThatIsWrong(String section, String entry, String message) {
        assertThatThrownBy(() -> read("{'" + section + "':[" + entry + "]}"))
                .isInstanceOf(DefinitionsImportException.class)
                .hasMessageStartingWith("f: " + section + "[0]")
                .hasMessageContaining(message);
    }

    @Test
    void countsEntriesAndLines() {
        String json = "{'queues':[\n{'name':'a','vhost':'/'},\n{'name':'b','vhost':'/'},\n\n{'name':'c'}\n]}";
        assertThatThrownBy(() -> read(json)).hasMessageStartingWith("f: queues[2] (line 5): 'c': 'vhost' is missing");
    }

    @Test
    void refusesNamesThatNoClientCouldSay() {
        assertThatThrownBy(() -> read("{'queues':[{'name':'" + "ä".repeat(128) + "','vhost':'/'}]}"))
                .hasMessageContaining("'name' has more than 255 bytes");
        assertThatThrownBy(() -> read("{'queues':[{'name':'\\ud800','vhost':'/'}]}"))
                .hasMessageContaining("'name' has half a surrogate pair");
        assertThatThrownBy(
                        () -> read("{'queues':[{'name':'q','vhost':'/','arguments':{'" + "k".repeat(256) + "':1}}]}"))
                .hasMessageContaining("the name of an argument has more than 255 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "``|is not a JSON object",
                "[]|is not a JSON object",
                "{`queues`:[|cannot be read as JSON: ",
                "{`queues`:[{`name`:}]}|cannot be read as JSON: ",
                "{`queues`:{}}|`queues` in line 1 is not a list",
                "{} {}|goes on behind its JSON object, in line 1",
                "{`rabbitmq_definition_format`:`single_virtual_host`}|`original_vhost_name` is missing",
            })
    void refusesWhatIsNoDefinitionsFile(String text, String message) {
        assertThatThrownBy(() -> read(text.equals("``") ? "" : text.replace('`', '\'')))
                .isInstanceOf(DefinitionsImportException.class)
                .hasMessageContaining(message.replace('`', '\''));
    }

    @Test
    void boundsNestingAndTexts() {
        String deep = "[".repeat(JsonText.MAX_DEPTH) + "]".repeat(JsonText.MAX_DEPTH);
        assertThatThrownBy(() -> read("{'queues':[{'name':'q','vhost':'/','arguments':{'a':" + deep + "}}]}"))
                .isInstanceOf(DefinitionsImportException.class)
                .hasMessageContaining("nesting depth");
        String longText = "x".repeat(JsonText.MAX_STRING + 1);
        assertThatThrownBy(() -> read("{'queues':[{'name':'" + longText + "','vhost':'/'}]}"))
                .isInstanceOf(DefinitionsImportException.class)
                .hasMessageContaining("String value length");
    }

    @Test
    void tellsPlaceAndProblemApart() {
        DefinitionsImportException e =
                catchThrowableOfType(DefinitionsImportException.class, () -> read("{'users':[{'name':'u'}]}"));
        assertThat(e.file()).isEqualTo("f");
        assertThat(e.problems())
                .containsExactly(new DefinitionsImportException.Problem("users[0] 'u' (line 1)", "'tags' is missing"));
    }

    static byte[] export() throws IOException {
        try (InputStream in = DefinitionsReaderTests.class.getResourceAsStream("rabbitmq-3.10.json")) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    private static byte[] json(String singleQuoted) {
        return singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static DefinitionsFile read(String singleQuoted) {
        return DefinitionsReader.read("f", json(singleQuoted));
    }

    private static Entry single(String section, String entry) {
        return read("{'" + section + "':[" + entry + "]}").entries().get(0);
    }

    private static UserEntry user(String entry) {
        return (UserEntry) single("users", entry);
    }

    private static QueueEntry queue(String entry) {
        return (QueueEntry) single("queues", entry);
    }

    private static List<Definition> definitions(String section, String entry) {
        return definitionsOf(read("{'" + section + "':[" + entry + "]}"));
    }

    private static List<Definition> definitionsOf(DefinitionsFile file) {
        return file.entries().stream()
                .filter(DefinitionEntry.class::isInstance)
                .map(DefinitionsReaderTests::definition)
                .toList();
    }

    private static Definition definition(Entry entry) {
        return ((DefinitionEntry) entry).definition();
    }
}
