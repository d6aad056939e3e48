package io.leveret.broker.test.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.client.DeadLetter;
import io.leveret.broker.test.client.PeekedMessage;
import io.leveret.broker.test.embedded.BrokerSettings;
import io.leveret.broker.test.embedded.StandaloneBroker;
import io.leveret.broker.test.junit.BrokerExtension;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class TimeTravelTests {
    @RegisterExtension
    static final BrokerExtension BROKER = BrokerExtension.builder()
            .manualClock()
            .properties("broker.io-threads=4", "broker.consumer-timeout=30m", "broker.limits.heartbeat=1s")
            .build();

    private final BrokerTestClient client = BROKER.client();
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        connection = BROKER.connectionFactory().newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void close() {
        connection.abort();
    }

    @Test
    void aMessageExpiresWhenItsTimeHasPassedAndNotBefore() throws Exception {
        declare("letters", Map.of());
        declare("orders", deadLettersTo("letters", 60_001));
        publish("orders", "late");
        Instant published = client.now();

        client.advanceTime(Duration.ofMillis(60_000));
        assertThat(client.queue("orders").counts().ready()).isOne();
        assertThat(client.messages("letters")).isEmpty();

        client.advanceTime(Duration.ofMillis(1));
        assertThat(client.messages("orders")).isEmpty();
        assertThat(client.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.message().text()).isEqualTo("late");
            assertThat(letter.firstReason()).isEqualTo("expired");
            assertThat(letter.firstQueue()).isEqualTo("orders");
            assertThat(letter.deaths().get(0).time().getEpochSecond())
                    .isEqualTo(published.plusMillis(60_001).getEpochSecond());
        });
        deleteAll("letters", "orders");
    }

    @Test
    void theClockStandsStillByItself() throws Exception {
        declare("short", Map.of("x-message-ttl", 1));
        Instant before = client.now();
        publish("short", "stays");
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(30);
        await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > until);
        assertThat(client.messages("short")).hasSize(1);
        assertThat(client.now()).isEqualTo(before);
        deleteAll("short");
    }

    @Test
    void aChainOfDeadLettersIsFollowedToItsEndInOneStep() throws Exception {
        declare("end", Map.of());
        for (int i = 5; i > 0; i--) {
            String next = i == 5 ? "end" : "hop-" + (i + 1);
            declare("hop-" + i, deadLettersTo(next, i * 1_000));
        }
        long start = client.now().getEpochSecond();
        publish("hop-1", "traveller");

        client.advanceTime(Duration.ofHours(1));

        DeadLetter letter = client.deadLetters().get(0);
        assertThat(letter.message().queue()).isEqualTo("end");
        assertThat(letter.deaths())
                .extracting(DeadLetter.Death::queue)
                .containsExactly("hop-5", "hop-4", "hop-3", "hop-2", "hop-1");
        assertThat(letter.deaths())
                .extracting(death -> death.time().getEpochSecond() - start)
                .containsExactly(15L, 10L, 6L, 3L, 1L);
        deleteAll("end", "hop-1", "hop-2", "hop-3", "hop-4", "hop-5");
    }

    @Test
    void whatIsDueOnSeveralLoopsHappensInTheOrderOfItsTimes() throws Exception {
        declare("out", Map.of());
        List<Integer> times = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            times.add(1_000 + i);
        }
        Collections.shuffle(times, new Random(4));
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            // a queue lives on the loop of the connection that declares it
            connections.add(BROKER.connectionFactory().newConnection());
        }
        for (int millis : times) {
            try (Channel declaring = connections.get(millis % 4).createChannel()) {
                declaring.queueDeclare("t" + millis, true, false, false, deadLettersTo("out", millis));
            }
            publish("t" + millis, Integer.toString(millis));
        }
        for (Connection each : connections) {
            each.close();
        }
        assertThat(client.broker().virtualHost("/").queues().stream()
                        .map(queue -> queue.loop().index())
                        .distinct())
                .hasSizeGreaterThan(1);

        client.advanceTime(Duration.ofSeconds(2));

        assertThat(client.messages("out").stream().map(message -> Integer.parseInt(message.text())))
                .containsExactlyElementsOf(times.stream().sorted().toList());
        for (int millis : times) {
            channel.queueDelete("t" + millis);
        }
        deleteAll("out");
    }

    @Test
    void aQueueThatNobodyUsesGoesInTime() throws Exception {
        declare("idle", Map.of("x-expires", 3_600_000));
        client.advanceTime(Duration.ofMillis(3_599_999));
        assertThat(client.queue("idle").exists()).isTrue();
        client.advanceTime(Duration.ofMillis(1));
        assertThat(client.queue("idle").exists()).isFalse();
    }

    @Test
    void aDelayedExchangeHoldsBackUntilTheTime() throws Exception {
        channel.exchangeDeclare("delayed", "x-delayed-message", false, true, Map.of("x-delayed-type", "fanout"));
        declare("work", Map.of());
        channel.queueBind("work", "delayed", "");
        publish("delayed", "", "in a day", headers(Map.of("x-delay", 86_400_000)));
        publish("delayed", "", "in an hour", headers(Map.of("x-delay", 3_600_000)));

        client.advanceTime(Duration.ofMinutes(59));
        assertThat(client.messages("work")).isEmpty();
        client.advanceTime(Duration.ofMinutes(1));
        assertThat(client.messages("work")).extracting(PeekedMessage::text).containsExactly("in an hour");
        client.advanceTime(Duration.ofDays(1));
        assertThat(client.messages("work")).extracting(PeekedMessage::text).containsExactly("in an hour", "in a day");
        deleteAll("work");
    }

    @Test
    void aConsumerThatDoesNotAcknowledgeInTimeLosesItsChannel() throws Exception {
        declare("jobs", Map.of());
        publish("jobs", "never done");
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        Channel consuming = connection.createChannel();
        consuming.basicConsume(
                "jobs",
                false,
                (tag, delivery) -> got.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                tag -> {});
        assertThat(got.poll(60, TimeUnit.SECONDS)).isEqualTo("never done");

        client.advanceTime(Duration.ofMinutes(29));
        assertThat(consuming.isOpen()).isTrue();
        client.advanceTime(Duration.ofMinutes(2));

        client.queue("jobs").awaitReady(1);
        await().until(() -> !consuming.isOpen());
        assertThat(consuming.getCloseReason().getReason())
                .isInstanceOfSatisfying(
                        AMQP.Channel.Close.class,
                        close -> assertThat(close.getReplyCode()).isEqualTo(406));
        assertThat(client.messages("jobs")).singleElement().matches(PeekedMessage::redelivered);
        deleteAll("jobs");
    }

    @Test
    void aConsumerGetsWhatBecomesDue() throws Exception {
        declare("fed", Map.of());
        declare("waits", deadLettersTo("fed", 5_000));
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        channel.basicConsume(
                "fed",
                true,
                (tag, delivery) -> got.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                tag -> {});
        publish("waits", "due");
        assertThat(got).isEmpty();
        client.advanceTime(Duration.ofSeconds(5));
        assertThat(got.poll(60, TimeUnit.SECONDS)).isEqualTo("due");
        deleteAll("fed", "waits");
    }

    @Test
    void heartbeatsGoOnWhileTheClockStandsStill() throws Exception {
        AtomicLong read = new AtomicLong();
        ConnectionFactory factory = BROKER.connectionFactory();
        factory.setRequestedHeartbeat(1);
        factory.setSocketFactory(new CountingSockets(read));
        try (Connection beating = factory.newConnection()) {
            long before = read.get();
            await().untilAsserted(() -> assertThat(read.get()).isGreaterThan(before));
            client.advanceTime(Duration.ofDays(1));
            beating.createChannel().close();
            assertThat(beating.isOpen()).isTrue();
        }
    }

    @Test
    void aHandshakeTimesOutWhileTheClockStandsStill() throws Exception {
        List<String> properties = List.of("broker.test.manual-clock=true", "broker.limits.handshake-timeout=50ms");
        try (StandaloneBroker impatient = StandaloneBroker.start(new BrokerSettings(List.of(), properties));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> client.advanceTime(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> client.advanceTime(Duration.ofDays(40_000)));
        CompletableFuture<Throwable> onLoop = new CompletableFuture<>();
        EventLoop loop = client.broker().loops().next();
        loop.execute(() -> {
            try {
                client.advanceTime(Duration.ZERO);
                onLoop.complete(new AssertionError("did not fail"));
            } catch (IllegalStateException e) {
                onLoop.complete(e);
            }
        });
        assertThat(onLoop.get(60, TimeUnit.SECONDS)).hasMessage("a thread of the broker cannot wait for the broker");
    }

    @Test
    void aBrokerByTheTimeOfTheMachineSaysHowToGetAClock() {
        try (StandaloneBroker other =
                StandaloneBroker.start(new BrokerSettings(List.of(), List.of("broker.name=usual")))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> other.client().advanceTime(Duration.ofSeconds(1)))
                    .withMessage("broker usual goes by the time of the machine;"
                            + " set broker.test.manual-clock=true to be able to move it");
        }
    }

    @Test
    void aClosedBrokerHasNoTime() {
        StandaloneBroker other =
                StandaloneBroker.start(new BrokerSettings(List.of(), List.of("broker.test.manual-clock=true")));
        BrokerTestClient late = other.client();
        other.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> late.advanceTime(Duration.ofSeconds(1)))
                .withMessage("the broker is closed");
    }

    @Test
    void aClockIsOfOneBroker(Broker broker) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new ManualClock().advance(Duration.ZERO, broker));
    }

    private void declare(String queue, Map<String, Object> arguments) throws IOException {
        channel.queueDeclare(queue, true, false, false, arguments);
    }

    private static Map<String, Object> deadLettersTo(String queue, int ttlMillis) {
        return Map.of("x-message-ttl", ttlMillis, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", queue);
    }

    private void publish(String queue, String text) throws Exception {
        publish("", queue, text, null);
    }

    private void publish(String exchange, String key, String text, AMQP.BasicProperties properties) throws Exception {
        channel.basicPublish(exchange, key, properties, text.getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(60_000);
    }

    private static AMQP.BasicProperties headers(Map<String, Object> headers) {
        return new AMQP.BasicProperties.Builder().headers(headers).build();
    }

    private void deleteAll(String... queues) throws IOException {
        for (String queue : queues) {
            channel.queueDelete(queue);
        }
    }

    /** Sockets that count what is read from them. */
    private static final class CountingSockets extends SocketFactory {
        private final AtomicLong read;

        CountingSockets(AtomicLong read) {
            this.read = read;
        }

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public InputStream getInputStream() throws IOException {
                    return new FilterInputStream(super.getInputStream()) {
                        @Override
                        public int read() throws IOException {
                            int value = super.read();
                            read.incrementAndGet();
                            return value;
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) throws IOException {
                            int count = super.read(bytes, offset, length);
                            read.addAndGet(count);
                            return count;
                        }
                    };
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
