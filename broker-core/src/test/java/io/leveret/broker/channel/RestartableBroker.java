package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** A broker with two loops whose definitions and durable messages are there again after it has ended. */
final class RestartableBroker implements AutoCloseable {
    static final BasicProperties PERSISTENT =
            BasicProperties.builder().deliveryMode(2).build();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InMemoryDefinitionStore definitions = new InMemoryDefinitionStore();
    private InMemoryMessageJournal messages = new InMemoryMessageJournal();
    private final BrokerConfig config;
    private TestBroker broker;
    private final List<TestChannel> probes = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();
    private int starts;
    private long downMillis;

    RestartableBroker() {
        this(BrokerConfig.defaults("test"));
    }

    RestartableBroker(BrokerConfig config) {
        this.config = config;
        this.broker = new TestBroker(config, definitions, messages);
    }

    /** The one that runs now. */
    TestBroker broker() {
        return broker;
    }

    /** What it writes to. */
    InMemoryMessageJournal messages() {
        return messages;
    }

    /** A channel on a new connection. */
    TestChannel open(int loop) {
        TestClient client = broker.connect(loop);
        clients.add(client);
        return client.open();
    }

    /** A channel that is told what becomes of its publishes. */
    TestChannel confirming(int loop) {
        TestChannel channel = open(loop);
        channel.client.turn(() -> channel.channel.confirmSelect());
        return channel;
    }

    /** A durable shared queue that lives on a loop. */
    void declare(int loop, String queue) {
        open(loop).declare(queue, true, false, false);
    }

    void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    broker.runAll();
                    assertion.run();
                });
    }

    /** Lets everything be written that was said to the journal before, and checks that it was said once. */
    void awaitWritten() {
        broker.runAll();
        for (int loop = 0; loop < 2; loop++) {
            String queue = "probed " + loop + " since start " + starts;
            if (probes.size() == loop) {
                declare(loop, queue);
                probes.add(confirming(loop));
            }
            TestChannel probe = probes.get(loop);
            int answers = probe.output.log.size();
            probe.publish("", queue, PERSISTENT, false, "probe");
            await(() -> assertThat(probe.output.log).hasSize(answers + 1));
        }
        assertThat(JournalContents.mistakes(messages)).isEmpty();
    }

    /** Ends the process in the middle of what it does, and starts another one. */
    void crash() {
        InMemoryMessageJournal left = messages.restarted();
        stop();
        start(left);
    }

    /** Ends connections and broker in good order, and starts another one. */
    void restart() {
        restartAfter(0);
    }

    /** The same, so many milliseconds later by the clock on the wall. */
    void restartAfter(long millis) {
        messages.releaseCommits();
        clients.forEach(TestClient::close);
        stop();
        downMillis = millis;
        start(messages.restarted());
        downMillis = 0;
    }

    private void stop() {
        probes.clear();
        clients.clear();
        messages.releaseCommits();
        broker.close();
    }

    private void start(InMemoryMessageJournal left) {
        starts++;
        messages = left;
        long nowMillis = broker.loops.get(0).nowMillis() + downMillis;
        broker = new TestBroker(config, new ManualEventLoops(2, nowMillis), definitions, messages);
    }

    /** Moves the clocks. */
    void advance(long millis) {
        broker.loops.all().forEach(loop -> loop.advance(millis));
        broker.runAll();
    }

    /** Takes everything out of a queue; redelivered ones with an asterisk. */
    List<String> drain(String queue) {
        TestChannel channel = open(0);
        List<String> bodies = new ArrayList<>();
        for (String body = channel.get(queue, true); body != null; body = channel.get(queue, true)) {
            bodies.add(body);
        }
        channel.client.close();
        return bodies;
    }

    @Override
    public void close() {
        stop();
    }
}
