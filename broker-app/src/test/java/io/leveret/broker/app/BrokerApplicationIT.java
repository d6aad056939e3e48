package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerApplicationIT {
    private static final int SIGTERM_EXIT = 143;

    @TempDir
    Path folder;

    @Test
    void saysInOneLineWhereItListensAndWhereItsDataIs() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder)) {
            assertThat(broker.log().lines())
                    .singleElement()
                    .asString()
                    .containsPattern("INFO .*Leveret \\d+\\.\\d+\\.\\d+\\S* broker rabbit@\\S+ is up: ")
                    .contains("; data in jdbc:h2:file:" + folder.toRealPath().resolve("data/broker")
                            + "; process running for ");
        }
    }

    @Test
    void touchesNoDiskWhenToldNotTo() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder, "--broker.persistent=false")) {
            assertThat(broker.log()).contains("data in memory only; nothing is written to disk; process running for ");
            assertThat(folder.resolve("data")).doesNotExist();
        }
    }

    @Test
    void answersHealthAndInfo() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder)) {
            HttpResponse<String> health = broker.get("/actuator/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"status\":\"UP\"", "\"broker\":{", "\"name\":\"rabbit@");

            HttpResponse<String> liveness = broker.get("/actuator/health/liveness");
            assertThat(liveness.statusCode()).isEqualTo(200);
            assertThat(liveness.body()).contains("livenessState").doesNotContain("broker");

            HttpResponse<String> readiness = broker.get("/actuator/health/readiness");
            assertThat(readiness.statusCode()).isEqualTo(200);
            assertThat(readiness.body()).contains("readinessState", "\"broker\":{");

            HttpResponse<String> info = broker.get("/actuator/info");
            assertThat(info.statusCode()).isEqualTo(200);
            assertThat(info.body())
                    .contains("\"amqp\":" + broker.amqpPort(), "\"virtual-hosts\":[\"/\"]", "\"version\":\"");

            assertThat(broker.get("/actuator/env").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void showsQueuesAndMetersButLetsNobodyDelete() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder);
                Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("a/b", false, false, false, null);
            channel.confirmSelect();
            channel.basicPublish("", "a/b", null, "the secret".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(60_000);

            assertThat(broker.get("/actuator/broker").body()).contains("\"virtualHosts\":{\"/\":{\"connections\":1");
            assertThat(broker.get("/actuator/broker/default").body()).contains("\"queues\":{\"a/b\":{");
            HttpResponse<String> queue = broker.get("/actuator/broker/%252F/a%252Fb");
            assertThat(queue.statusCode()).isEqualTo(200);
            assertThat(queue.body()).contains("\"ready\":1").doesNotContain("secret");
            assertThat(broker.get("/actuator/broker/missing").statusCode()).isEqualTo(404);
            assertThat(broker.get("/actuator/broker/default/missing").statusCode())
                    .isEqualTo(404);
            assertThat(broker.delete("/actuator/broker/default/a%252Fb").statusCode())
                    .isEqualTo(405);
            assertThat(broker.delete("/actuator/broker/default/a%252Fb/messages")
                            .statusCode())
                    .isIn(404, 405);

            assertThat(broker.get("/actuator/metrics/broker.messages.published?tag=vhost:/")
                            .body())
                    .contains("\"value\":1.0");
        }
    }

    @Test
    void deletesAndPurgesQueuesIfItMay() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder, "--management.endpoint.broker.access=unrestricted");
                Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("q", false, false, false, null);
            channel.confirmSelect();
            channel.basicPublish("", "q", null, new byte[1]);
            channel.waitForConfirmsOrDie(60_000);
            assertThat(broker.delete("/actuator/broker/default/q?ifEmpty=true").statusCode())
                    .isEqualTo(400);
            assertThat(broker.delete("/actuator/broker/default/q/messages").body())
                    .isEqualTo("{\"purged\":1}");
            assertThat(broker.delete("/actuator/broker/default/q?ifEmpty=true").body())
                    .isEqualTo("{\"deleted\":0}");
            assertThat(broker.delete("/actuator/broker/default/q").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void carriesAMessageOfTheJavaClient() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder);
                Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("hello", false, false, false, null);
            channel.confirmSelect();
            channel.basicPublish(
                    "", "hello", MessageProperties.TEXT_PLAIN, "Hello World!".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(60_000);
            GetResponse response = channel.basicGet("hello", true);
            assertThat(response).isNotNull();
            assertThat(new String(response.getBody(), StandardCharsets.UTF_8)).isEqualTo("Hello World!");
        }
    }

    @Test
    void explainsATakenAmqpPortInAParagraph() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BrokerProcess broker =
                        BrokerProcess.run(folder, "--broker.port=" + taken.getLocalPort(), "--server.port=0")) {
            assertThat(broker.exitCode()).isEqualTo(1);
            assertThat(broker.log())
                    .contains("The broker cannot listen for AMQP on 127.0.0.1:" + taken.getLocalPort())
                    .contains("APPLICATION FAILED TO START")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void explainsATakenHttpPortInAParagraph() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BrokerProcess broker =
                        BrokerProcess.run(folder, "--broker.port=0", "--server.port=" + taken.getLocalPort())) {
            assertThat(broker.exitCode()).isEqualTo(1);
            assertThat(broker.log())
                    .contains("Port " + taken.getLocalPort() + " was already in use")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void explainsAWrongValueInAParagraph() throws Exception {
        try (BrokerProcess broker = BrokerProcess.run(folder, "--broker.limits.frame-max=1KB")) {
            assertThat(broker.exitCode()).isEqualTo(1);
            assertThat(broker.log())
                    .contains("The property broker.limits.frame-max has the value '1024B', which is not allowed.")
                    .contains("0 (no limit), or 8KB to 2147483647B")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void tellsClientsThatItShutsDown() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder)) {
            Connection connection = broker.connect();
            CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
            connection.addShutdownListener(closed::complete);

            long before = System.nanoTime();
            broker.terminate();
            assertThat(broker.exitCode()).isEqualTo(SIGTERM_EXIT);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));

            ShutdownSignalException signal = closed.get(60, TimeUnit.SECONDS);
            assertThat(signal.getReason()).isInstanceOfSatisfying(AMQP.Connection.Close.class, close -> {
                assertThat(close.getReplyCode()).isEqualTo(320);
                assertThat(close.getReplyText())
                        .isEqualTo("CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'");
            });
            assertThat(broker.log()).contains(" stops").doesNotContain("WARN").doesNotContain("ERROR");
        }
    }

    @Test
    void endsAtOnceWhenNobodyIsConnected() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder)) {
            await().until(() -> broker.get("/actuator/health/readiness").statusCode() == 200);
            broker.terminate();
            assertThat(broker.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }
}
