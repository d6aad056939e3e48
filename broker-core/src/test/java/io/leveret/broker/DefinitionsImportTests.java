package io.leveret.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.leveret.broker.auth.User;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.definition.json.DefinitionsReader;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.limit.NodeLimits;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.QueueDeclaration;
import io.leveret.broker.vhost.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionsImportTests {
    /** SHA-256 of "test12", as in RabbitMQ's documentation. */
    private static final String HASH_OF_TEST12 = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR";

    private static final String VHOST = "'vhosts':[{'name':'/'}]";

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final CountingStore store = new CountingStore();
    private Broker broker = Broker.start(BrokerConfig.defaults("test"), loops, store);

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void createsEverythingWithOneChangeOfTheStore() {
        int before = store.applied.size();
        int changes =
                importing("{'users':[{'name':'u','password_hash':'" + HASH_OF_TEST12 + "','tags':['monitoring']}],"
                        + "'vhosts':[{'name':'v','description':'d'}],"
                        + "'permissions':[{'user':'u','vhost':'v','configure':'c','write':'w','read':'r'}],"
                        + "'topic_permissions':[{'user':'u','vhost':'v','exchange':'e','write':'^w','read':'^r'}],"
                        + "'exchanges':[{'name':'e','vhost':'v','type':'topic'},{'name':'f','vhost':'v','type':'fanout'}],"
                        + "'queues':[{'name':'q','vhost':'v','arguments':{'x-custom':7}}],"
                        + "'bindings':[{'source':'e','vhost':'v','destination':'q','destination_type':'queue','routing_key':'a.#'},"
                        + "{'source':'e','vhost':'v','destination':'f','destination_type':'exchange','routing_key':'b',"
                        + "'arguments':{'k':1}}]}");

        assertThat(store.applied).hasSize(before + 1);
        assertThat(changes).isEqualTo(store.applied.get(before).size()).isEqualTo(9);
        User user = user("u").orElseThrow();
        assertThat(user.hash().matches("test12")).isTrue();
        assertThat(user.tags()).containsExactly("monitoring");
        assertThat(broker.users()
                        .current()
                        .permission("u", "v")
                        .orElseThrow()
                        .write()
                        .regex())
                .isEqualTo("w");
        assertThat(broker.users().current().topicPermissions("u", "v")).containsOnlyKeys("e");
        VirtualHost vhost = vhost("v");
        assertThat(vhost.requireQueue("q").arguments())
                .isEqualTo(FieldTable.builder()
                        .put("x-custom", FieldValue.of(7L))
                        .put("x-queue-type", FieldValue.of("classic"))
                        .build());
        assertThat(vhost.requireQueue("q").isDurable()).isTrue();
        assertThat(vhost.requireExchange("e").bindings())
                .extracting(
                        Binding::routingKey, binding -> binding.destination().name())
                .containsExactlyInAnyOrder(tuple("a.#", "q"), tuple("b", "f"));
        assertThat(store.load()).contains(new Definition.VirtualHost("v", "d", Set.of(), null));
    }

    @Test
    void findsItAgainAfterARestart() {
        importing(
                file(
                        "'queues':[{'name':'q','vhost':'/'}],'exchanges':[{'name':'e','vhost':'/','type':'direct'}],"
                                + "'bindings':[{'source':'e','vhost':'/','destination':'q','destination_type':'queue','routing_key':'k'}]"));
        restart();
        assertThat(vhost("/").requireExchange("e").bindings())
                .extracting(Binding::destination)
                .containsExactly(vhost("/").requireQueue("q"));
    }

    @Test
    void changesNothingTheSecondTime() {
        String json =
                "{'users':[{'name':'u','password':'plain','tags':'a'}],'vhosts':[{'name':'v','metadata':{'tags':['x']}}],"
                        + "'permissions':[{'user':'u','vhost':'v','configure':'','write':'','read':''}],"
                        + "'topic_permissions':[{'user':'u','vhost':'v','exchange':'e','write':'','read':''}],"
                        + "'exchanges':[{'name':'e','vhost':'v','type':'topic'}],"
                        + "'queues':[{'name':'q','vhost':'v'},{'name':'t','vhost':'v','durable':false}],"
                        + "'bindings':[{'source':'e','vhost':'v','destination':'q','destination_type':'queue','routing_key':'k'},"
                        + "{'source':'e','vhost':'v','destination':'t','destination_type':'queue','routing_key':'k'}]}";
        assertThat(importing(json)).isPositive();
        VirtualHost vhost = vhost("v");
        QueueRef queue = vhost.requireQueue("q");
        List<Definition> stored = store.load();
        int applied = store.applied.size();
        long version = broker.users().version();

        assertThat(importing(json)).isZero();

        assertThat(store.applied).hasSize(applied);
        assertThat(store.load()).isEqualTo(stored);
        assertThat(vhost("v")).isSameAs(vhost);
        assertThat(vhost.requireQueue("q")).isSameAs(queue);
        assertThat(vhost.requireExchange("e").bindings()).hasSize(2);
        assertThat(broker.users().version()).isEqualTo(version);
    }

    @Test
    void updatesUsersAndPermissionsAndDeletesNothing() {
        broker.putUser("u", "old", Set.of("old")).join();
        broker.putPermission("u", "/", "a", "a", "a").join();
        importing("{'users':[{'name':'u','password':'new','tags':['new']}],"
                + "'permissions':[{'user':'u','vhost':'/','configure':'b','write':'b','read':'b'}]}");
        User user = user("u").orElseThrow();
        assertThat(user.hash().matches("new")).isTrue();
        assertThat(user.tags()).containsExactly("new");
        assertThat(broker.users()
                        .current()
                        .permission("u", "/")
                        .orElseThrow()
                        .read()
                        .regex())
                .isEqualTo("b");
        assertThat(user("guest")).isPresent();
        assertThat(broker.virtualHosts()).containsExactly("/");
    }

    @Test
    void leavesExchangesAndQueuesWithOtherPropertiesAsTheyAre() {
        VirtualHost vhost = vhost("/");
        loops.await(
                vhost.declareExchange(new ExchangeDeclaration("e", "fanout", false, true, false, FieldTable.EMPTY)));
        QueueRef queue = loops.await(vhost.declareQueue(
                new QueueDeclaration("q", false, false, true, FieldTable.EMPTY, null, loops.get(0))));
        Exchange exchange = vhost.requireExchange("e");

        importing(
                file(
                        "'exchanges':[{'name':'e','vhost':'/','type':'topic'}],"
                                + "'queues':[{'name':'q','vhost':'/','arguments':{'x-expires':'no number'}}],"
                                + "'bindings':[{'source':'e','vhost':'/','destination':'q','destination_type':'queue','routing_key':'k'}]"));

        assertThat(vhost.requireExchange("e")).isSameAs(exchange);
        assertThat(vhost.requireQueue("q")).isSameAs(queue);
        assertThat(exchange.bindings()).hasSize(1);
        assertThat(store.load()).noneMatch(Definition.Binding.class::isInstance);
    }

    @Test
    void keepsTheMetadataThatTheFileIsSilentAbout() {
        importing("{'vhosts':[{'name':'v','description':'d','tags':['t'],'default_queue_type':'classic'}]}");
        importing("{'vhosts':[{'name':'v','tags':['u']}]}");
        assertThat(store.load()).contains(new Definition.VirtualHost("v", "d", Set.of("u"), "classic"));
    }

    @Test
    void doesNotStoreWhatIsTransient() {
        importing(file("'queues':[{'name':'t','vhost':'/','durable':false}],'bindings':[{'source':'amq.direct',"
                + "'vhost':'/','destination':'t','destination_type':'queue','routing_key':'k'}]"));
        assertThat(vhost("/").requireQueue("t").isDurable()).isFalse();
        assertThat(vhost("/").requireExchange("amq.direct").bindings()).hasSize(1);
        assertThat(store.load())
                .noneMatch(Definition.Queue.class::isInstance)
                .noneMatch(Definition.Binding.class::isInstance);
    }

    @Test
    void skipsReservedNamesAndBindingsOfWhatItSkipped() {
        importing(file("'exchanges':[{'name':'amq.direct','vhost':'/','type':'topic'},{'name':'amq.own','vhost':'/',"
                + "'type':'no type'},{'name':'','vhost':'/','type':'direct'}],"
                + "'queues':[{'name':'amq.gen-1','vhost':'/'},{'name':'q','vhost':'/'}],"
                + "'bindings':[{'source':'amq.direct','vhost':'/','destination':'amq.gen-1','destination_type':'queue',"
                + "'routing_key':'k'},"
                + "{'source':'amq.own','vhost':'/','destination':'q','destination_type':'queue','routing_key':'k'},"
                + "{'source':'','vhost':'/','destination':'q','destination_type':'queue','routing_key':'q'}]"));
        assertThat(vhost("/").queues()).extracting(QueueRef::name).containsExactly("q");
        assertThat(vhost("/").exchange("amq.own")).isNull();
        assertThat(vhost("/").requireExchange("amq.direct").type().name()).isEqualTo("direct");
        assertThat(vhost("/").requireExchange("amq.direct").hasBindings()).isFalse();
    }

    @Test
    void createsAnewWhatIsAboutToGo() {
        VirtualHost vhost = vhost("/");
        QueueRef old = loops.await(vhost.declareQueue(
                new QueueDeclaration("q", true, false, false, FieldTable.EMPTY, null, loops.get(0))));
        loops.await(vhost.bind(new BindingRequest("amq.direct", "q", true, "k", FieldTable.EMPTY, null)));
        loops.await(old.submit(owned -> owned.onDelete()));
        assertThat(old.isDeleted()).isTrue();

        importing(file("'queues':[{'name':'q','vhost':'/'}],'bindings':[{'source':'amq.direct','vhost':'/',"
                + "'destination':'q','destination_type':'queue','routing_key':'k'}]"));

        assertThat(vhost.requireQueue("q")).isNotSameAs(old);
        assertThat(vhost.requireExchange("amq.direct").bindings())
                .extracting(Binding::destination)
                .containsExactly(vhost.requireQueue("q"));
        assertThat(store.load()).anyMatch(Definition.Binding.class::isInstance);
    }

    @Test
    void aUserWithoutPasswordCannotLogInWithOne() {
        importing("{'users':[{'name':'hash','password_hash':'','tags':''},{'name':'none','tags':''},"
                + "{'name':'empty','password':'','tags':''}]}");
        for (String name : List.of("hash", "none", "empty")) {
            assertThat(broker.users().current().user(name)).as(name).isPresent();
            assertThat(broker.users().authenticate(name, "")).as(name).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'users':[{'name':'u','password_hash':'!','tags':''}] | users[0] 'u' (line 1): 'password_hash' is wrong: ",
                "'users':[{'name':'u','password_hash':'aaaa','tags':''}] | 'password_hash' is wrong: a password hash of rabbit_password_hashing_sha256 has 36 bytes, not 3",
                "'users':[{'name':'u','password_hash':'','hashing_algorithm':'rot13','tags':''}] | unknown password hashing algorithm 'rot13'",
                "'users':[{'name':'u','tags':''},{'name':'u','tags':''}] | users[1] 'u' (line 1): is there twice, first as users[0] 'u' (line 1)",
                "'users':[{'name':'u','tags':'','limits':{'max-fun':1}}] | users[0] 'u' (line 1): Unrecognised terms",
                "'vhosts':[{'name':'v','default_queue_type':'odd'}] | vhosts[0] 'v' (line 1): Unsupported default queue type 'odd'",
                "'vhosts':[{'name':'v','limits':{'max-fun':1}}] | vhosts[0] 'v' (line 1): Unrecognised terms",
                "'policies':[{'vhost':'/','name':'p','pattern':'','definition':{'odd':1}}] | policies[0] 'p' in vhost '/' (line 1): [{<<\"odd\">>,1}] are not recognised policy settings",
                "'policies':[{'vhost':'/','name':'p','pattern':'(','definition':{'expires':1}}] | pattern should be regular expression but is invalid",
                "'policies':[{'vhost':'/','name':'p','pattern':'','apply-to':'x','definition':{}}] | policies[0] 'p' in vhost '/' (line 1): no policy provided; apply-to 'x' unrecognised",
                "'policies':[{'vhost':'v','name':'p','pattern':'','definition':{'expires':1}}] | Please create virtual host \"v\" prior",
                "'parameters':[{'vhost':'/','component':'operator_policy','name':'o','value':{'pattern':'','definition':{'dead-letter-exchange':'x'}}}] | parameters[0] 'operator_policy/o' in vhost '/' (line 1): ",
                "'parameters':[{'vhost':'/','component':'odd','name':'o','value':1}] | parameters[0] 'odd/o' in vhost '/' (line 1): component odd not found",
                "'parameters':[{'vhost':'v','component':'shovel','name':'o','value':1}] | Please create virtual host \"v\" prior",
                "'permissions':[{'user':'nobody','vhost':'/','configure':'','write':'','read':''}] | permissions[0] of 'nobody' in vhost '/' (line 1): user 'nobody' does not exist",
                "'permissions':[{'user':'guest','vhost':'v','configure':'','write':'','read':''}] | Please create virtual host \"v\" prior to importing definitions.",
                "'permissions':[{'user':'guest','vhost':'/','configure':'(','write':'','read':''}] | invalid regular expression '('",
                "'topic_permissions':[{'user':'guest','vhost':'/','exchange':'e','write':'[','read':''}] | topic_permissions[0] of 'guest' for exchange 'e' in vhost '/' (line 1): invalid regular expression",
                "'topic_permissions':[{'user':'nobody','vhost':'/','exchange':'e','write':'','read':''}] | user 'nobody' does not exist",
                "'exchanges':[{'name':'e','vhost':'/','type':'odd'}] | exchanges[0] 'e' in vhost '/' (line 1): unknown exchange type 'odd'",
                "'exchanges':[{'name':'e','vhost':'v','type':'direct'}] | Please create virtual host \"v\" prior to importing definitions.",
                "'exchanges':[{'name':'e','vhost':'/','type':'direct','arguments':{'alternate-exchange':1}}] | invalid type 'long' for arg 'alternate-exchange' in exchange 'e' in vhost '/'",
                "'queues':[{'name':'q','vhost':'v'}] | queues[0] 'q' in vhost 'v' (line 1): Please create virtual host \"v\" prior",
                "'queues':[{'name':'q','vhost':'/','arguments':{'x-max-length':-1}}] | queues[0] 'q' in vhost '/' (line 1): invalid arg 'x-max-length' for queue 'q' in vhost '/': {value_negative,-1}",
                "'queues':[{'name':'q','vhost':'/','type':'odd'}] | \"unsupported queue type 'odd'\"",
                "'queues':[{'name':'q','vhost':'/'},{'name':'q','vhost':'/','durable':false}] | queues[1] 'q' in vhost '/' (line 1): is there twice",
                "'bindings':[{'source':'no','vhost':'/','destination':'q','destination_type':'queue','routing_key':''}] | bindings[0] from 'no' to 'q' in vhost '/' (line 1): no exchange 'no' in vhost '/'",
                "'bindings':[{'source':'amq.direct','vhost':'/','destination':'q','destination_type':'queue','routing_key':''}] | no queue 'q' in vhost '/'",
                "'bindings':[{'source':'amq.direct','vhost':'/','destination':'e','destination_type':'exchange','routing_key':''}] | no exchange 'e' in vhost '/'",
                "'bindings':[{'source':'amq.topic','vhost':'/','destination':'amq.fanout','destination_type':'exchange','routing_key':'#.#.#'}] | Topic binding key '#.#.#' uses 3 '#' wildcards",
                "'bindings':[{'source':'','vhost':'/','destination':'amq.fanout','destination_type':'exchange','routing_key':''}] | default exchange",
            })
    void refusesTheWholeFileForOneEntry(String bad, String message) {
        List<Definition> stored = store.load();
        int applied = store.applied.size();

        assertThatThrownBy(() ->
                        importing("{" + (bad.startsWith("'vhosts'") ? "" : "'vhosts':[{'name':'good'}],") + bad + "}"))
                .isInstanceOf(DefinitionsImportException.class)
                .hasMessageContaining(message);

        assertThat(store.load()).isEqualTo(stored);
        assertThat(store.applied).hasSize(applied);
        assertThat(broker.virtualHosts()).containsExactly("/");
        assertThat(vhost("/").queues()).isEmpty();
    }

    @Test
    void namesAllBadEntriesOfTheFirstSectionThatHasAny() {
        String json = file("'queues':[{'name':'a','vhost':'/','type':'quorum'},{'name':'b','vhost':'/'},"
                + "{'name':'c','vhost':'/','type':'stream'}],'bindings':[{'source':'amq.direct','vhost':'/',"
                + "'destination':'a','destination_type':'queue','routing_key':''}]");
        DefinitionsImportException e = catchThrowableOfType(DefinitionsImportException.class, () -> importing(json));
        assertThat(e.problems())
                .extracting(DefinitionsImportException.Problem::toString)
                .containsExactly(
                        "queues[0] 'a' in vhost '/' (line 1): queues of type 'quorum' are not supported: queue 'a' in vhost '/'",
                        "queues[2] 'c' in vhost '/' (line 1): queues of type 'stream' are not supported: queue 'c' in vhost '/'");
        assertThat(vhost("/").queues()).isEmpty();
    }

    @Test
    void showsTwentyOfManyBadEntries() {
        String queues = IntStream.range(0, 23)
                .mapToObj(i -> "{'name':'q" + i + "','vhost':'/','type':'quorum'}")
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> importing(file("'queues':[" + queues + "]")))
                .hasMessageContaining("'q19'")
                .hasMessageNotContaining("'q20'")
                .hasMessageEndingWith("\nand 3 more");
    }

    @Test
    void changesNothingWhenTheStoreFails() {
        store.failing = true;
        assertThatThrownBy(() -> importing("{'users':[{'name':'u','tags':''}],'vhosts':[{'name':'v'}],"
                        + "'queues':[{'name':'q','vhost':'/'}]}"))
                .hasMessageContaining("disk full");
        assertThat(user("u")).isEmpty();
        assertThat(broker.virtualHost("v")).isNull();
        assertThat(vhost("/").queue("q")).isNull();
    }

    @Test
    void putsPoliciesLimitsAndParametersInPlace() {
        VirtualHost vhost = vhost("/");
        QueueRef old = loops.await(vhost.declareQueue(
                new QueueDeclaration("q.old", true, false, false, FieldTable.EMPTY, null, loops.get(0))));
        importing("{'users':[{'name':'guest','password':'guest','tags':'','limits':{'max-channels':7}}],"
                + "'vhosts':[{'name':'v','limits':[['max-queues',5]]}],"
                + "'queues':[{'name':'q.new','vhost':'/'}],'exchanges':[{'name':'e','vhost':'/','type':'topic'}],"
                + "'policies':[{'vhost':'/','name':'p','pattern':'^q','apply-to':'queues','definition':{'max-length':10}},"
                + "{'vhost':'/','name':'ae','pattern':'^e$','definition':{'alternate-exchange':'amq.fanout'}}],"
                + "'parameters':[{'vhost':'/','component':'operator_policy','name':'o','value':{'pattern':'new','priority':0,"
                + "'apply-to':'queues','definition':[['max-length',4]]}},"
                + "{'vhost':'/','component':'vhost-limits','name':'limits','value':{'max-connections':3}},"
                + "{'vhost':'/','component':'shovel','name':'s','value':{'src-uri':'x'}}],"
                + "'global_parameters':[{'name':'cluster_name','value':'c'}]}");
        assertThat(old.policy().maxLength()).isEqualTo(10);
        assertThat(vhost.requireQueue("q.new").policy().maxLength()).isEqualTo(4);
        assertThat(vhost.requireQueue("q.new").policy().operatorName()).isEqualTo("o");
        assertThat(vhost.requireExchange("e").alternateExchange()).isEqualTo("amq.fanout");
        assertThat(broker.limits().ofVirtualHost("/").maxConnections()).isEqualTo(3);
        assertThat(broker.limits().ofVirtualHost("v").maxQueues()).isEqualTo(5);
        assertThat(broker.limits().ofUser("guest").maxChannels()).isEqualTo(7);
        assertThat(broker.parameters().list("/"))
                .extracting(Definition.Parameter::component)
                .containsExactly("shovel");
        assertThat(broker.parameters().list(null))
                .extracting(Definition.Parameter::value)
                .containsExactly("c");

        restart();

        assertThat(vhost("/").requireQueue("q.new").policy().maxLength()).isEqualTo(4);
        assertThat(broker.limits().ofVirtualHost("v").maxQueues()).isEqualTo(5);
    }

    @Test
    void changesNoPolicyTheSecondTime() {
        String json = file("'policies':[{'vhost':'/','name':'p','pattern':'^q','definition':{'max-length':10}}],"
                + "'parameters':[{'vhost':'/','component':'vhost-limits','name':'limits','value':{'max-queues':3}},"
                + "{'vhost':'/','component':'shovel','name':'s','value':{'n':[1,{'a':null}]}}]");
        assertThat(importing(json)).isEqualTo(3);
        assertThat(importing(json)).isZero();
        assertThat(importing(json.replace("'max-length':10", "'max-length':11")))
                .isEqualTo(1);
        assertThat(vhost("/").policies().list(false))
                .singleElement()
                .satisfies(policy -> assertThat(policy.definition()).containsEntry("max-length", 11L));
    }

    @Test
    void forgetsAboutMirroredQueues() {
        importing(file("'policies':[{'vhost':'/','name':'ha','pattern':'','definition':{'ha-mode':'all'}},"
                + "{'vhost':'/','name':'mixed','pattern':'','definition':{'ha-mode':'all','max-length':1}}]"));
        assertThat(vhost("/").policies().list(false))
                .singleElement()
                .isEqualTo(new Definition.Policy("/", "mixed", false, "", "all", 0, Map.of("max-length", 1L)));
    }

    @Test
    void refusesMoreQueuesThanTheVirtualHostMayHave() {
        broker.putVirtualHostLimit("/", "max-queues", 2).join();
        loops.await(vhost("/")
                .declareQueue(new QueueDeclaration("a", true, false, false, FieldTable.EMPTY, null, loops.get(0))));
        String json = "{'queues':[{'name':'a','vhost':'/'},{'name':'b','vhost':'/'},{'name':'c','vhost':'/'}]}";
        assertThatThrownBy(() -> importing(json))
                .hasMessage("f: Adding 2 queue(s) to virtual host \"/\" would exceed the limit of 2 queue(s).\n\n"
                        + "This virtual host currently has 1 queue(s) defined.\n\nImport aborted!");
        assertThat(vhost("/").queue("b")).isNull();

        // a limit of the file counts, and what is there already is not added
        importing(json.replace(
                "]}",
                "],'parameters':[{'vhost':'/','component':'vhost-limits','name':'limits',"
                        + "'value':{'max-queues':3}}]}"));
        broker.putVirtualHostLimit("/", "max-queues", 1).join();
        assertThat(importing(json)).isZero();
    }

    @Test
    void countsForTheLimitsOfTheBroker() {
        BrokerConfig config = BrokerConfig.builder("test")
                .limits(new NodeLimits(0, 0, 2, 3, 0))
                .build();
        boot(config, BootDefinitions.NONE);
        assertThatThrownBy(() -> importing("{'vhosts':[{'name':'v'}],'queues':[{'name':'a','vhost':'/'},"
                        + "{'name':'b','vhost':'v'},{'name':'c','vhost':'/'},{'name':'d','vhost':'v'}]}"))
                .hasMessageContaining(
                        "queues[3] 'd' in vhost 'v' (line 1): cannot declare queue 'd': queue limit in cluster (3) is reached");
        assertThatThrownBy(() -> importing("{'vhosts':[{'name':'v'},{'name':'w'}]}"))
                .hasMessageContaining("vhosts[1] 'w' (line 1): cannot create vhost 'w': vhost limit of 2 is reached");
        boot(BrokerConfig.builder("test").limits(new NodeLimits(0, 0, 0, 0, 8)).build(), BootDefinitions.NONE);
        assertThatThrownBy(() -> importing("{'exchanges':[{'name':'a','vhost':'/','type':'direct'},"
                        + "{'name':'b','vhost':'/','type':'direct'}]}"))
                .hasMessageContaining("cannot declare exchange 'b' in vhost '/': exchange limit of 8 is reached");
    }

    @Test
    void declaresQueuesWithTheDefaultTypeOfTheirVirtualHost() {
        assertThatThrownBy(() -> importing("{'vhosts':[{'name':'/','default_queue_type':'quorum'}],"
                        + "'queues':[{'name':'q','vhost':'/'}]}"))
                .hasMessageContaining("queues of type 'quorum' are not supported: queue 'q' in vhost '/'");
        importing("{'vhosts':[{'name':'/','default_queue_type':'quorum'}],"
                + "'queues':[{'name':'q','vhost':'/','type':'classic'}]}");
        assertThat(vhost("/").metadata().defaultQueueType()).isEqualTo("quorum");
    }

    @Test
    void importsIntoAVirtualHostThatExistsOnly() {
        byte[] json = "{\"queues\":[{\"name\":\"q\"}]}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> await(DefinitionsReader.readInto("missing", "f", json)))
                .hasMessageContaining("Please create virtual host \"missing\" prior to importing definitions.");
        await(DefinitionsReader.readInto("/", "f", json));
        assertThat(vhost("/").queue("q")).isNotNull();
    }

    @Test
    void spreadsQueuesOverTheLoops() {
        importing(file("'queues':[{'name':'a','vhost':'/'},{'name':'b','vhost':'/'}]"));
        assertThat(vhost("/").requireQueue("a").loop())
                .isNotSameAs(vhost("/").requireQueue("b").loop());
    }

    @Test
    void aBootWithUsersAndVirtualHostsInTheFileHasNoDefaults() {
        boot(BootDefinitionsOf.defaults(read("{'users':[{'name':'u','password':'p','tags':''}],'vhosts':[{'name':'v'}],"
                + "'permissions':[{'user':'u','vhost':'v','configure':'','write':'','read':''}]}")));
        assertThat(broker.virtualHosts()).containsExactly("v");
        assertThat(broker.users().current().users()).extracting(User::name).containsExactly("u");
    }

    @Test
    void aBootKeepsTheDefaultsThatTheFileHasNothingInPlaceOf() {
        boot(BootDefinitionsOf.defaults(read("{'vhosts':[{'name':'v'}],'queues':[{'name':'q','vhost':'v'}]}")));
        assertThat(broker.virtualHosts()).containsExactly("v");
        assertThat(broker.users().current().permission("guest", "v")).isPresent();

        boot(BootDefinitionsOf.defaults(
                read("{'users':[{'name':'u','tags':''}],'queues':[{'name':'q','vhost':'/'}]}")));
        assertThat(broker.virtualHosts()).containsExactly("/");
        assertThat(user("guest")).isEmpty();
        assertThat(vhost("/").queue("q")).isNotNull();
    }

    @Test
    void aBootCreatesWhatIsSetBesideWhatTheFileHas() {
        BrokerConfig config = BrokerConfig.builder("test")
                .virtualHosts(List.of("own"))
                .users(List.of(new BrokerConfig.FirstUser("app", "secret", Set.of("administrator"))))
                .build();
        DefinitionsFile file = read("{'users':[{'name':'app','password':'other','tags':'monitoring'},"
                + "{'name':'u','tags':''}],'vhosts':[{'name':'v'}],"
                + "'permissions':[{'user':'app','vhost':'v','configure':'c','write':'','read':''}]}");
        boot(config, new BootDefinitions(List.of(file), false, false));

        assertThat(broker.virtualHosts()).containsExactlyInAnyOrder("own", "v");
        assertThat(broker.users().authenticate("app", "secret")).isPresent();
        assertThat(user("app").orElseThrow().tags()).containsExactly("administrator");
        assertThat(broker.users()
                        .current()
                        .permission("app", "own")
                        .orElseThrow()
                        .read()
                        .regex())
                .isEqualTo(".*");
        assertThat(broker.users()
                        .current()
                        .permission("app", "v")
                        .orElseThrow()
                        .configure()
                        .regex())
                .isEqualTo("c");
        assertThat(user("u")).isPresent();
    }

    @Test
    void everyBootImportsAgainAndTheSecondChangesNothing() {
        BrokerConfig config = BrokerConfig.builder("test")
                .users(List.of(new BrokerConfig.FirstUser("app", "secret", Set.of())))
                .build();
        BootDefinitions definitions = new BootDefinitions(
                List.of(read(
                        "{'users':[{'name':'app','password':'other','tags':''},{'name':'u','password':'p','tags':''}],"
                                + "'vhosts':[{'name':'v'}],'queues':[{'name':'q','vhost':'v'}]}")),
                false,
                true);
        CountingStore kept = boot(config, definitions);
        assertThat(kept.applied).hasSize(1);
        assertThat(broker.users().current().permission("app", "v")).isPresent();
        broker.close();

        broker = Broker.start(config, loops, kept, definitions);
        assertThat(kept.applied).hasSize(1);
        assertThat(broker.users().authenticate("app", "secret")).isPresent();
        assertThat(vhost("v").queue("q")).isNotNull();
        broker.close();

        BootDefinitions more = new BootDefinitions(
                List.of(read("{'queues':[{'name':'q','vhost':'v'},{'name':'r','vhost':'v'}]}")), false, true);
        broker = Broker.start(config, loops, kept, more);
        assertThat(kept.applied).hasSize(2);
        assertThat(vhost("v").queues()).extracting(QueueRef::name).containsExactlyInAnyOrder("q", "r");
    }

    @Test
    void aLaterFileHasTheLastWord() {
        boot(BootDefinitionsOf.defaults(
                read("{" + VHOST
                        + ",'users':[{'name':'u','password':'one','tags':'a'}],'queues':[{'name':'q','vhost':'/'}]}"),
                read(
                        "{'users':[{'name':'u','password':'two','tags':'b'}],'bindings':[{'source':'amq.direct','vhost':'/',"
                                + "'destination':'q','destination_type':'queue','routing_key':'k'}]}")));
        assertThat(broker.users().authenticate("u", "two")).isPresent();
        assertThat(user("u").orElseThrow().tags()).containsExactly("b");
        assertThat(vhost("/").requireExchange("amq.direct").hasBindings()).isTrue();
    }

    @Test
    void aBootWithABadFileStoresNothingAndLeavesNoThread() throws InterruptedException {
        broker.close();
        CountingStore fresh = new CountingStore();
        BootDefinitions bad = BootDefinitionsOf.defaults(
                read("{'queues':[{'name':'q','vhost':'/','arguments':{'x-max-length':'x'}}]}"));
        assertThatThrownBy(() -> Broker.start(BrokerConfig.defaults("bad"), loops, fresh, bad))
                .isInstanceOf(DefinitionsImportException.class)
                .hasMessageStartingWith("f: queues[0] 'q' in vhost '/' (line 1): ");
        assertThat(fresh.load()).isEmpty();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("broker-bad-topology")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private static final class BootDefinitionsOf {
        static BootDefinitions defaults(DefinitionsFile... files) {
            return new BootDefinitions(List.of(files), true, true);
        }
    }

    private void boot(BootDefinitions definitions) {
        boot(BrokerConfig.defaults("test"), definitions);
    }

    private CountingStore boot(BrokerConfig config, BootDefinitions definitions) {
        broker.close();
        CountingStore fresh = new CountingStore();
        broker = Broker.start(config, loops, fresh, definitions);
        return fresh;
    }

    private void restart() {
        broker.close();
        broker = Broker.start(BrokerConfig.defaults("test"), loops, store);
    }

    private static String file(String sections) {
        return "{" + VHOST + "," + sections + "}";
    }

    private int importing(String singleQuoted) {
        return await(read(singleQuoted));
    }

    private int await(DefinitionsFile file) {
        try {
            int changes = loops.await(broker.importDefinitions(file));
            loops.runAll();
            return changes;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static DefinitionsFile read(String singleQuoted) {
        return DefinitionsReader.read("f", singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private Optional<User> user(String name) {
        return broker.users().current().user(name);
    }

    private VirtualHost vhost(String name) {
        VirtualHost vhost = broker.virtualHost(name);
        assertThat(vhost).isNotNull();
        return vhost;
    }

    /** Remembers what was asked of it, and fails when told to. */
    private static final class CountingStore implements DefinitionStore {
        private final InMemoryDefinitionStore kept = new InMemoryDefinitionStore();
        private final List<List<DefinitionChange>> applied = new ArrayList<>();
        private boolean failing;

        @Override
        public List<Definition> load() {
            return kept.load();
        }

        @Override
        public void apply(List<DefinitionChange> changes) {
            if (failing) {
                throw new IllegalStateException("disk full");
            }
            applied.add(List.copyOf(changes));
            kept.apply(changes);
        }

        @Override
        public void close() {}
    }
}
