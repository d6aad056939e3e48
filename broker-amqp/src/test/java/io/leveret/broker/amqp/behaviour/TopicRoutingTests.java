package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("behaviour")
class TopicRoutingTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** Each pattern with the keys it matches and those it does not, {@code <none>} being the empty key. */
    @ParameterizedTest
    @CsvSource({
        "a.b.c, a.b.c, a.b|a.b.c.d|a.b.C|<none>|a.b.",
        "a, a, <none>|b|a.a|.a|a.",
        "<none>, <none>, .|a",
        "*, a|aa, .|a.b|a.",
        "a.*, a.b|a., a|a.b.c|b.a",
        "*.b, a.b|.b, b|a.b.c|a.a.b",
        "a.*.c, a.b.c|a..c, a.c|a.b.b.c",
        "*.*, a.b|., a|a.b.c|..|<none>",
        "#, <none>|a|a.b|a..b|.|..., ",
        "a.#, a|a.b|a.b.c|a., <none>|b|aa.b|.a",
        "#.a, a|b.a|c.b.a|.a, <none>|a.b|ba",
        "a.#.b, a.b|a.x.b|a.x.y.b|a..b, a|b|a.bb|a.b.c",
        "#.a.#, a|x.a|a.y|x.a.y|x.x.a.y.y|a.a, <none>|b|x.y",
        "#.#, <none>|a|a.b.c, ",
        "#.*, a|a.b|., ",
        "*.#, a|a.b|a.b.c, ",
        "*.#.*, a.b|a.b.c|., a",
        "#.*.#, a|a.b.c, ",
        "a#, a#, a|ab|a.b",
        "a*.b, a*.b, ax.b|a.b",
        "**, **, a|a.b",
        "##, ##, a|<none>",
        "a.#b, a.#b, a.b|a",
        "a..b, a..b, a.b|a.x.b",
        ".a, .a, a|x.a",
        "a.b.#.c.*, a.b.c.d|a.b.x.c.d|a.b.c.c.c, a.b.c|a.b.d.c"
    })
    void matchesWordByWord(String pattern, String matching, String other) throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "topic");
        String queue = broker.queueBoundTo(channel, exchange, key(pattern));
        List<String> matchingKeys = keys(matching);

        for (String key : keys(other)) {
            channel.basicPublish(exchange, key, null, TestBroker.bytes("'" + key + "'"));
        }
        for (String key : matchingKeys) {
            channel.basicPublish(exchange, key, null, TestBroker.bytes("'" + key + "'"));
        }

        assertThat(TestBroker.drain(channel, queue))
                .containsExactlyElementsOf(
                        matchingKeys.stream().map(key -> "'" + key + "'").toList());
    }

    @Test
    void queueMatchedBySeveralPatternsGetsOneCopy() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "topic");
        String queue = broker.queueBoundTo(channel, exchange, "a.#");
        channel.queueBind(queue, exchange, "#");
        channel.queueBind(queue, exchange, "a.*");
        channel.queueBind(queue, exchange, "a.b");

        channel.basicPublish(exchange, "a.b", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void eachQueueGetsWhatItsPatternsMatch() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "topic");
        String kernel = broker.queueBoundTo(channel, exchange, "kern.*");
        String critical = broker.queueBoundTo(channel, exchange, "*.critical");
        String all = broker.queueBoundTo(channel, exchange, "#");

        for (String key : List.of("kern.critical", "kern.info", "cron.critical", "cron.info")) {
            channel.basicPublish(exchange, key, null, TestBroker.bytes(key));
        }

        assertThat(TestBroker.drain(channel, kernel)).containsExactly("kern.critical", "kern.info");
        assertThat(TestBroker.drain(channel, critical)).containsExactly("kern.critical", "cron.critical");
        assertThat(TestBroker.drain(channel, all))
                .containsExactly("kern.critical", "kern.info", "cron.critical", "cron.info");
    }

    @Test
    void unbindingOnePatternLeavesTheOthers() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "topic");
        String queue = broker.queueBoundTo(channel, exchange, "a.*");
        channel.queueBind(queue, exchange, "a.#");
        channel.queueBind(queue, exchange, "a.b.c");

        channel.queueUnbind(queue, exchange, "a.#");
        channel.basicPublish(exchange, "a.b", null, TestBroker.bytes("two"));
        channel.basicPublish(exchange, "a.b.c", null, TestBroker.bytes("three"));
        channel.basicPublish(exchange, "a.b.d", null, TestBroker.bytes("gone"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("two", "three");
    }

    private static List<String> keys(String list) {
        return list == null
                ? List.of()
                : List.of(list.split("\\|")).stream()
                        .map(TopicRoutingTests::key)
                        .toList();
    }

    private static String key(String shown) {
        return shown.equals("<none>") ? "" : shown;
    }
}
