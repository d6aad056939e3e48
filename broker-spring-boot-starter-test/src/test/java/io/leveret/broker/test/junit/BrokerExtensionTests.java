package io.leveret.broker.test.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.Broker;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.client.PeekedMessage;
import io.leveret.broker.test.embedded.BrokerSettings;
import io.leveret.broker.test.embedded.StandaloneBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

@Tag("behaviour")
class BrokerExtensionTests {
    private static final int MANY = 20;

    @RegisterExtension
    static final BrokerExtension DEFINED = BrokerExtension.builder()
            .definitions("classpath:test-definitions.json")
            .properties("broker.name=defined", "broker.username=app", "broker.password=secret")
            .build();

    @RegisterExtension
    static final BrokerExtension PERSISTENT =
            BrokerExtension.builder().persistent().build();

    @Test
    void eachExtensionHasABrokerOfItsOwnOnAFreePort() {
        assertThat(DEFINED.broker()).isNotSameAs(PERSISTENT.broker());
        assertThat(DEFINED.port()).isPositive().isNotEqualTo(PERSISTENT.port());
    }

    @Test
    void goesByDefinitionsAndProperties() throws Exception {
        assertThat(DEFINED.broker().config().name()).isEqualTo("defined");
        assertThat(DEFINED.connectionFactory().getUsername()).isEqualTo("app");
        try (Connection connection = DEFINED.connectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.basicPublish("orders", "new", null, "o".getBytes(StandardCharsets.UTF_8));
            DEFINED.client().queue("orders").awaitReady(1);
        }
    }

    @Test
    void aPersistentOneKeepsWhatIsDurableThroughARestart() throws Exception {
        int port = PERSISTENT.port();
        Broker before = PERSISTENT.broker();
        try (Connection connection = PERSISTENT.connectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.queueDeclare("durable", true, false, false, null);
            channel.queueDeclare("transient", false, false, false, null);
            for (int i = 0; i < 20; i++) {
                channel.basicPublish(
                        "", "durable", MessageProperties.PERSISTENT_BASIC, ("m" + i).getBytes(StandardCharsets.UTF_8));
            }
            channel.waitForConfirmsOrDie(60_000);
        }

        PERSISTENT.restart();

        assertThat(PERSISTENT.broker()).isNotSameAs(before);
        assertThat(PERSISTENT.port()).isEqualTo(port);
        BrokerTestClient client = PERSISTENT.client();
        assertThat(client.queue("transient").exists()).isFalse();
        assertThat(client.messages("durable"))
                .extracting(PeekedMessage::text)
                .hasSize(20)
                .startsWith("m0", "m1");
        assertThat(client.queue("durable").counts().ready()).isEqualTo(20);
    }

    @Test
    void anExtensionThatIsNotRegisteredSaysWhenItsBrokerStarts() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BrokerExtension.builder().build().port())
                .withMessageStartingWith("the broker starts before all tests of a class that registers the extension");
    }

    @Test
    void twentyBrokersRunAtOnceInOneJvm() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(MANY);
        List<Future<StandaloneBroker>> starting = new ArrayList<>();
        List<StandaloneBroker> brokers = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                String name = "broker.name=n" + i;
                starting.add(
                        threads.submit(() -> StandaloneBroker.start(new BrokerSettings(List.of(), List.of(name)))));
            }
            for (Future<StandaloneBroker> each : starting) {
                brokers.add(each.get(60, TimeUnit.SECONDS));
            }
            List<Future<String>> talking = new ArrayList<>();
            for (StandaloneBroker each : brokers) {
                talking.add(threads.submit(() -> talkTo(each)));
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(talking.get(i).get(60, TimeUnit.SECONDS)).isEqualTo("n" + i);
            }
            assertThat(brokers.stream().map(StandaloneBroker::port).distinct()).hasSize(MANY);
        } finally {
            threads.shutdown();
            brokers.forEach(StandaloneBroker::close);
        }
        await().untilAsserted(() -> assertThat(threadsOf("n\\d+")).isEmpty());
    }

    private static String talkTo(StandaloneBroker broker) throws Exception {
        String name = broker.broker().config().name();
        try (Connection connection = broker.connectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("same", false, false, false, null);
            channel.basicPublish("", "same", null, name.getBytes(StandardCharsets.UTF_8));
            broker.client().queue("same").awaitReady(1);
            return broker.client().messages("same").get(0).text();
        }
    }

    @Test
    void aRunEndsItsBrokersAfterAllClassesAndDeletesTheirData() {
        Seen.ALL.clear();
        EngineTestKit.engine("junit-jupiter")
                .selectors(
                        DiscoverySelectors.selectClass(FirstCase.class),
                        DiscoverySelectors.selectClass(SecondCase.class))
                .execute()
                .testEvents()
                .assertStatistics(events -> events.started(3).succeeded(3));

        assertThat(Seen.ALL)
                .extracting(Seen::broker)
                .hasSize(3)
                .containsOnly(Seen.ALL.peek().broker());
        assertThat(Seen.ALL.peek().directory()).doesNotExist();
        await().untilAsserted(() -> assertThat(threadsOf("shared-by-cases")).isEmpty());
    }

    @Test
    void aBrokerThatAClientStillUsesOutlivesTheRun() throws Exception {
        EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(LeavesAConnectionCase.class))
                .execute()
                .testEvents()
                .assertStatistics(events -> events.succeeded(1));
        try (Connection left = LeavesAConnectionCase.LEFT.remove()) {
            assertThat(left.isOpen()).isTrue();
            left.createChannel().close();
        }
    }

    private static Set<String> threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.matches("broker-" + name + "-.*"))
                .collect(Collectors.toSet());
    }

    record Seen(Broker broker, Path directory) {
        static final Queue<Seen> ALL = new ConcurrentLinkedQueue<>();

        static void by(Broker broker) {
            ALL.add(new Seen(broker, broker.config().alarms().diskDirectory()));
        }
    }

    static class SharedCase {
        @RegisterExtension
        static final BrokerExtension BROKER = BrokerExtension.builder()
                .persistent()
                .properties("broker.name=shared-by-cases", "broker.alarms.enabled=true")
                .build();
    }

    static class FirstCase extends SharedCase {
        @Test
        void sees(Broker broker) {
            assertThat(Files.exists(broker.config().alarms().diskDirectory())).isTrue();
            Seen.by(broker);
        }

        @Nested
        class Inner {
            @Test
            void seesTheSame(Broker broker) {
                Seen.by(broker);
            }
        }
    }

    static class SecondCase extends SharedCase {
        @Test
        void seesTheSame(Broker broker) {
            Seen.by(broker);
        }
    }

    static class LeavesAConnectionCase {
        static final Queue<Connection> LEFT = new ConcurrentLinkedQueue<>();

        @RegisterExtension
        static final BrokerExtension BROKER =
                BrokerExtension.builder().properties("broker.name=left").build();

        @Test
        void connects(ConnectionFactory factory) throws Exception {
            LEFT.add(factory.newConnection());
        }
    }
}
