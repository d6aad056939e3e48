package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.leveret.broker.architecture.HouseRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar with what {@code rabbitmqctl export_definitions} of RabbitMQ 3.10 wrote. */
class DefinitionsIT {
    @TempDir
    Path folder;

    @Test
    void servesTheUsersQueuesAndBindingsOfARabbitMq() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder, "--broker.definitions=" + export())) {
            try (Connection connection = broker.connect("app", "s3cret-app", "orders")) {
                Channel channel = connection.createChannel();
                channel.confirmSelect();
                publish(channel, "orders.topic", "app.new.one", Map.of());
                assertThat(get(channel, "orders.new")).isEqualTo("app.new.one");

                publish(channel, "orders.topic", "app.failed", Map.of());
                assertThat(get(channel, "orders.unrouted"))
                        .as("exchange to exchange")
                        .isEqualTo("app.failed");

                Map<String, Object> headers = Map.of("region", "eu", "tier", 2, "gift", true, "opened", 1_767_225_600L);
                publish(channel, "orders.headers", "headers", headers);
                assertThat(get(channel, "orders.new")).isEqualTo("headers");
                publish(channel, "orders.headers", "alternate", Map.of("region", "us"));
                assertThat(get(channel, "orders.unrouted"))
                        .as("alternate exchange by argument")
                        .isEqualTo("alternate");
                publish(channel, "orders.topic", "app.nobody", Map.of());
                assertThat(get(channel, "orders.unrouted"))
                        .as("alternate exchange by policy")
                        .isEqualTo("app.nobody");

                assertThat(channel.queueDeclare("orders.priority", true, false, false, Map.of("x-max-priority", 5))
                                .getQueue())
                        .isEqualTo("orders.priority");
            }
            try (Connection connection = broker.connect("app", "s3cret-app", "orders")) {
                assertThatThrownBy(() -> {
                            Channel channel = connection.createChannel();
                            channel.confirmSelect();
                            publish(channel, "orders.topic", "other.new", Map.of());
                        })
                        .satisfiesAnyOf(
                                e -> assertThat(e).hasMessageContaining("write access to topic 'other.new'"),
                                e -> assertThat(e.getCause())
                                        .hasMessageContaining("write access to topic 'other.new'"));
                Channel second = connection.createChannel();
                assertThatIOException()
                        .isThrownBy(() -> second.queueDeclare("mine", true, false, false, null))
                        .withCauseInstanceOf(ShutdownSignalException.class);
            }
            try (Connection connection = broker.connect("audit", "s3cret-audit", "/")) {
                assertThat(connection.isOpen()).isTrue();
            }
            assertThatThrownBy(broker::connect).isInstanceOf(AuthenticationFailureException.class);
            assertThatThrownBy(() -> broker.connect("nologin", "x", "/"))
                    .isInstanceOf(AuthenticationFailureException.class);
        }
    }

    @Test
    void explainsABadEntryInAParagraphAndDoesNotStart() throws Exception {
        Path bad = folder.resolve("bad.json");
        String json = Files.readString(export());
        Files.writeString(bad, json.replace("\"type\":\"fanout\"", "\"type\":\"fan-out\""));
        try (BrokerProcess broker =
                BrokerProcess.run(folder, "--broker.port=0", "--server.port=0", "--broker.definitions=" + bad)) {
            assertThat(broker.exitCode()).isEqualTo(1);
            assertThat(broker.log())
                    .contains("APPLICATION FAILED TO START")
                    .contains("The definitions of " + bad + " cannot be imported, so nothing was:")
                    .contains(
                            "exchanges[0] 'orders.unrouted' in vhost 'orders' (line 1): unknown exchange type 'fan-out'")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    private Path export() throws IOException {
        try (InputStream in =
                HouseRules.class.getResourceAsStream("/io/leveret/broker/definition/json/rabbitmq-3.10.json")) {
            assertThat(in).isNotNull();
            return Files.write(folder.resolve("rabbitmq-3.10.json"), in.readAllBytes());
        }
    }

    /** The body is the routing key. */
    private static void publish(Channel channel, String exchange, String routingKey, Map<String, Object> headers)
            throws Exception {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().headers(headers).build();
        channel.basicPublish(exchange, routingKey, properties, routingKey.getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(60_000);
    }

    private static String get(Channel channel, String queue) throws IOException {
        GetResponse response = channel.basicGet(queue, true);
        assertThat(response).as(queue).isNotNull();
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }
}
