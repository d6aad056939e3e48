package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Lines about connections and queues have fields by which a structured log finds them. */
class BrokerLogFieldsTests {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.leveret.broker");
    private final Lines lines = new Lines();
    private Level before;

    @BeforeEach
    void listen() {
        before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setLevel(before);
    }

    @Test
    void linesOfConnectionsAndQueuesHaveFields() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BrokerAutoConfiguration.class))
                .withPropertyValues("broker.name=logging")
                .run(context -> {
                    int port = context.getBean(AmqpServer.class).port();
                    try (Connection connection = LoopbackClient.connect(port);
                            Channel channel = connection.createChannel()) {
                        channel.queueDeclare("q", false, false, false, null);
                        channel.queueDelete("q");
                    }
                    await().until(() -> lines.has("connection closed"));
                });
        assertThat(lines.fieldsOf("connection open"))
                .containsEntry("broker.name", "logging")
                .containsEntry("vhost", "/")
                .containsEntry("user", "guest")
                .containsKey("connection");
        assertThat(lines.fieldsOf("connection closed")).isEqualTo(lines.fieldsOf("connection open"));
        assertThat(lines.fieldsOf("queue is there")).isEqualTo(Map.of("vhost", "/", "queue", "q"));
        assertThat(lines.fieldsOf("queue is gone")).isEqualTo(Map.of("vhost", "/", "queue", "q"));
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        boolean has(String message) {
            return events.stream().anyMatch(event -> event.getMessage().equals(message));
        }

        Map<String, String> fieldsOf(String message) {
            return events.stream()
                    .filter(event -> event.getMessage().equals(message))
                    .findFirst()
                    .orElseThrow()
                    .getKeyValuePairs()
                    .stream()
                    .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
        }
    }
}
