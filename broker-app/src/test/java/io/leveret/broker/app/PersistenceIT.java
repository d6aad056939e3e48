package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistenceIT {
    @TempDir
    Path folder;

    @Test
    void findsEverythingAgainAfterARestart() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder)) {
            publish(broker);
            broker.terminate();
            broker.exitCode();
            assertThat(broker.log()).doesNotContain("WARN").doesNotContain("ERROR");
        }
        try (BrokerProcess broker = BrokerProcess.start(folder);
                Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            AMQP.Queue.DeclareOk declared = channel.queueDeclarePassive("q");
            assertThat(declared.getMessageCount()).isEqualTo(1);
            channel.exchangeDeclarePassive("e");
            channel.basicPublish("e", "a.c", MessageProperties.TEXT_PLAIN, bytes("routed"));
            assertThat(next(channel)).isEqualTo("kept");
            assertThat(next(channel)).isEqualTo("routed");
            assertThat(broker.log().lines()).as("no noise of libraries").hasSize(1);
        }
    }

    @Test
    void explainsADataDirectoryThatIsInUseInAParagraph() throws Exception {
        try (BrokerProcess first = BrokerProcess.start(folder)) {
            assertThat(first.log()).contains(" is up: ");
            Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
            try (BrokerProcess second = BrokerProcess.run(
                    elsewhere,
                    "--broker.port=0",
                    "--server.port=0",
                    "--broker.data-directory=" + folder.resolve("data"))) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.log())
                        .contains("APPLICATION FAILED TO START")
                        .contains("is in use already")
                        .contains("broker.data-directory, which is '" + folder.resolve("data") + "'")
                        .contains("that no other broker uses, or set broker.persistent=false")
                        .doesNotContain("\tat ")
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void explainsADatabaseThatIsNotThereInAParagraph() throws Exception {
        try (BrokerProcess broker = BrokerProcess.run(
                folder,
                "--broker.port=0",
                "--server.port=0",
                "--broker.store.url=jdbc:postgresql://127.0.0.1:1/none",
                "--broker.store.username=u",
                "--broker.store.password=secret")) {
            assertThat(broker.exitCode()).isEqualTo(1);
            assertThat(broker.log())
                    .contains(
                            "The broker can't open its data: the database jdbc:postgresql://127.0.0.1:1/none can't be used")
                    .contains("comes from broker.store.url")
                    .doesNotContain("secret")
                    .doesNotContain("\tat ");
        }
    }

    private static void publish(BrokerProcess broker) throws Exception {
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("e", "topic", true);
            channel.queueDeclare("q", true, false, false, null);
            channel.queueBind("q", "e", "a.#");
            channel.confirmSelect();
            channel.basicPublish("e", "a.b", MessageProperties.PERSISTENT_TEXT_PLAIN, bytes("kept"));
            channel.basicPublish("e", "a.b", MessageProperties.TEXT_PLAIN, bytes("transient"));
            channel.waitForConfirmsOrDie(60_000);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String next(Channel channel) throws Exception {
        GetResponse response = channel.basicGet("q", true);
        assertThat(response).isNotNull();
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }
}
