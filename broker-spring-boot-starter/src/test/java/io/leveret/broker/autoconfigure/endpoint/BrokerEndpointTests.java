package io.leveret.broker.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** What the endpoint answers; that HTTP lets nobody delete unless told to is shown with the whole program. */
class BrokerEndpointTests {
    private static final String EXPOSED = "management.endpoints.web.exposure.include=broker";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(BrokerAutoConfiguration.class, BrokerEndpointAutoConfiguration.class))
            .withPropertyValues("broker.name=shown", "broker.virtual-hosts=/,a/b");

    /** What a test does with the endpoint, and with a client of the virtual host {@code a/b}. */
    private interface Scene {
        void play(BrokerEndpoint endpoint, Channel channel, Broker broker) throws Exception;
    }

    private void play(Scene scene) {
        runner.withPropertyValues(EXPOSED).run(context -> {
            ConnectionFactory factory =
                    LoopbackClient.factory(context.getBean(AmqpServer.class).port());
            factory.setVirtualHost("a/b");
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("q", true, false, false, null);
                channel.confirmSelect();
                channel.basicPublish("", "q", null, "the secret".getBytes(StandardCharsets.UTF_8));
                channel.basicPublish("", "q", null, "the secret".getBytes(StandardCharsets.UTF_8));
                channel.waitForConfirmsOrDie(60_000);
                channel.basicGet("q", false);
                scene.play(context.getBean(BrokerEndpoint.class), channel, context.getBean(Broker.class));
            }
        });
    }

    @Test
    void isThereOnlyIfItIsExposedAndThereIsABroker() {
        runner.run(context -> assertThat(context).doesNotHaveBean(BrokerEndpoint.class));
        runner.withPropertyValues(EXPOSED, "management.endpoint.broker.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(BrokerEndpoint.class));
        runner.withPropertyValues(EXPOSED, "broker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerEndpoint.class));
        runner.withPropertyValues(EXPOSED)
                .run(context ->
                        assertThat(context).hasSingleBean(BrokerEndpoint.class).hasSingleBean(BrokerWebEndpoint.class));
    }

    @Test
    void isNotThereWithoutActuator() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(EXPOSED)
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Broker.class)
                        .doesNotHaveBean("brokerEndpoint"));
    }

    // Read from bytes as in an application, so that no annotation of a missing class is loaded.
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({BrokerAutoConfiguration.class, BrokerEndpointAutoConfiguration.class})
    static class Application {}

    @Test
    void showsTheBrokerAndItsVirtualHosts() {
        play((endpoint, channel, broker) -> {
            Map<String, Object> overview = endpoint.overview();
            assertThat(overview)
                    .containsEntry("name", "shown")
                    .containsEntry("persistent", false)
                    .containsEntry("connections", 1)
                    .containsEntry("channels", 1)
                    .containsKeys("version", "ports", "alarms");
            assertThat(map(overview.get("counts")))
                    .containsEntry("published", 2L)
                    .containsEntry("returned", 0L);
            assertThat(map(overview.get("virtualHosts"))).containsOnlyKeys("/", "a/b");
            assertThat(map(map(overview.get("virtualHosts")).get("a/b")))
                    .containsEntry("queues", 1)
                    .containsEntry("ready", 1L)
                    .containsEntry("unacked", 1L)
                    .containsEntry("connections", 1);
        });
    }

    @Test
    void showsAVirtualHostAndAQueueButNoMessage() {
        play((endpoint, channel, broker) -> {
            Map<String, Object> vhost = endpoint.virtualHost("a/b");
            assertThat(vhost).isNotNull();
            assertThat(map(map(vhost.get("queues")).get("q")))
                    .containsEntry("ready", 1)
                    .containsEntry("unacked", 1)
                    .containsEntry("consumers", 0);
            assertThat(map(vhost.get("counts")))
                    .containsEntry("fetched", 1L)
                    .containsEntry("confirmed", 2L)
                    .containsEntry("deadLettered", 0L);
            Map<String, Object> queue = endpoint.queue("a/b", "q");
            assertThat(queue)
                    .containsEntry("name", "q")
                    .containsEntry("virtualHost", "a/b")
                    .containsEntry("durable", true)
                    .containsEntry("exclusive", false)
                    .containsEntry("readyBytes", 10L);
            assertThat(map(queue.get("counts"))).containsEntry("published", 2L).doesNotContainKey("returned");
            assertThat(vhost + " " + queue + " " + endpoint.overview()).doesNotContain("secret");
        });
    }

    @Test
    void findsNamesThatAreEncodedOnceMore() {
        play((endpoint, channel, broker) -> {
            assertThat(endpoint.queue("a%2Fb", "%71")).containsEntry("name", "q");
            assertThat(endpoint.virtualHost("%2F")).containsEntry("name", "/");
            assertThat(endpoint.virtualHost("default")).containsEntry("name", "/");
            assertThat(endpoint.virtualHost("%zz")).isNull();
            broker.putVirtualHost("default").join();
            assertThat(endpoint.virtualHost("default")).containsEntry("name", "default");
        });
    }

    @Test
    void knowsNothingOfWhatIsNotThere() {
        play((endpoint, channel, broker) -> {
            BrokerWebEndpoint web = new BrokerWebEndpoint(endpoint);
            assertThat(endpoint.virtualHost("missing")).isNull();
            assertThat(endpoint.queue("missing", "q")).isNull();
            assertThat(endpoint.queue("a/b", "missing")).isNull();
            assertThat(endpoint.delete("a/b", "missing", null, null)).isNull();
            assertThat(web.delete("a/b", "missing", null, null).getStatus()).isEqualTo(404);
            assertThat(web.purge("missing", "q", "messages").getStatus()).isEqualTo(404);
            assertThat(web.purge("a/b", "q", "everything").getStatus()).isEqualTo(404);
            assertThat(endpoint.queue("a/b", "q")).containsEntry("ready", 1);
        });
    }

    @Test
    void purgesAndDeletes() {
        play((endpoint, channel, broker) -> {
            BrokerWebEndpoint web = new BrokerWebEndpoint(endpoint);
            assertThat(web.purge("a/b", "q", "messages").getBody()).isEqualTo(Map.of("purged", 1));
            assertThat(endpoint.queue("a/b", "q")).containsEntry("ready", 0).containsEntry("unacked", 1);
            assertThat(web.delete("a/b", "q", true, true).getBody()).isEqualTo(Map.of("deleted", 0));
            assertThat(endpoint.queue("a/b", "q")).isNull();
        });
    }

    @Test
    void refusesWhatTheBrokerRefuses() {
        play((endpoint, channel, broker) -> {
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.delete("a/b", "q", null, true))
                    .withMessage("queue 'q' in vhost 'a/b' not empty");
            channel.queueDeclare("mine", false, true, false, null);
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.delete("a/b", "mine", null, null))
                    .withMessageStartingWith("cannot obtain exclusive access to locked queue 'mine'");
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.purge("a/b", "mine", "messages"))
                    .withMessageStartingWith("cannot obtain exclusive access to locked queue 'mine'");
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
