package io.leveret.broker.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class BrokerMetricsAutoConfigurationTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(BrokerAutoConfiguration.class, BrokerMetricsAutoConfiguration.class))
            .withPropertyValues("broker.name=metered");

    @Test
    void countsAndMeasuresEachVirtualHost() {
        runner.run(context -> {
            MeterRegistry registry = bound(context);
            try (Connection connection = connect(context);
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("dead", false, false, false, null);
                channel.queueDeclare(
                        "q",
                        false,
                        false,
                        false,
                        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
                channel.confirmSelect();
                for (int i = 0; i < 4; i++) {
                    channel.basicPublish("", "q", null, new byte[10]);
                }
                channel.basicPublish("", "nowhere", true, null, new byte[1]);
                channel.waitForConfirmsOrDie(60_000);
                channel.basicConsume("dead", true, (tag, delivery) -> {}, tag -> {});
                GetResponse first = channel.basicGet("q", false);
                channel.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
                GetResponse again = channel.basicGet("q", false);
                channel.basicAck(again.getEnvelope().getDeliveryTag(), false);
                GetResponse second = channel.basicGet("q", false);
                channel.basicReject(second.getEnvelope().getDeliveryTag(), false);
                channel.basicGet("q", false);

                expect(registry, "broker.messages.deadlettered", 1);
                // three times by basic.get, once more, and the dead letter to its consumer
                expect(registry, "broker.messages.delivered", 5);
                assertThat(value(registry, "broker.messages.published")).isEqualTo(5);
                assertThat(value(registry, "broker.messages.returned")).isEqualTo(1);
                assertThat(value(registry, "broker.messages.redelivered")).isEqualTo(1);
                assertThat(value(registry, "broker.messages.acked")).isEqualTo(1);
                assertThat(value(registry, "broker.messages.ready")).isEqualTo(1);
                assertThat(value(registry, "broker.messages.unacked")).isEqualTo(1);
                assertThat(value(registry, "broker.connections")).isEqualTo(1);
                assertThat(value(registry, "broker.channels")).isEqualTo(1);
                assertThat(value(registry, "broker.consumers")).isEqualTo(1);
                assertThat(registry.find("broker.queue.messages.ready").meter()).isNull();
            }
            expect(registry, "broker.connections", 0);
            assertThat(value(registry, "broker.messages.published")).isEqualTo(5);
        });
    }

    @Test
    void followsVirtualHostsThatComeAndGo() {
        runner.run(context -> {
            MeterRegistry registry = bound(context);
            Broker broker = context.getBean(Broker.class);
            assertThat(tagged(registry, "vhost")).containsExactly("/");
            broker.putVirtualHost("later").join();
            assertThat(tagged(registry, "vhost")).containsExactly("/", "later");
            broker.deleteVirtualHost("later").join();
            assertThat(tagged(registry, "vhost")).containsExactly("/");
        });
    }

    @Test
    void queuesHaveMetersOfTheirOwnIfTheyAreAskedFor() {
        runner.withPropertyValues("broker.metrics.queues=^orders").run(context -> {
            MeterRegistry registry = bound(context);
            try (Connection connection = connect(context);
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("orders.new", false, false, false, null);
                channel.queueDeclare("no.orders", false, false, false, null);
                channel.basicPublish("", "orders.new", null, new byte[10]);
                await().untilAsserted(() -> assertThat(value(
                                registry, "broker.queue.messages.ready", Tags.of("vhost", "/", "queue", "orders.new")))
                        .isEqualTo(1));
                assertThat(value(registry, "broker.queue.messages.published", Tags.of("queue", "orders.new")))
                        .isEqualTo(1);
                assertThat(tagged(registry, "queue")).containsExactly("orders.new");
                channel.queueDelete("orders.new");
                assertThat(tagged(registry, "queue")).isEmpty();
            }
        });
    }

    @Test
    void refusesAPatternThatIsNone() {
        runner.withPropertyValues("broker.metrics.queues=(")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("Unclosed group"));
    }

    @Test
    void isNotThereWithoutMicrometerOrWithoutABroker() {
        runner.withClassLoader(new FilteredClassLoader(MeterBinder.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerMetrics.class));
        runner.withPropertyValues("broker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerMetrics.class));
    }

    private static MeterRegistry bound(AssertableApplicationContext context) {
        MeterRegistry registry = new SimpleMeterRegistry();
        context.getBean(MeterBinder.class).bindTo(registry);
        return registry;
    }

    private static Connection connect(AssertableApplicationContext context) throws Exception {
        return LoopbackClient.connect(context.getBean(AmqpServer.class).port());
    }

    private static void expect(MeterRegistry registry, String name, double expected) {
        await().untilAsserted(() -> assertThat(value(registry, name)).as(name).isEqualTo(expected));
    }

    private static double value(MeterRegistry registry, String name) {
        return value(registry, name, Tags.of("broker", "metered", "vhost", "/"));
    }

    private static double value(MeterRegistry registry, String name, Tags tags) {
        Meter meter = registry.get(name).tags(tags).meter();
        return meter.measure().iterator().next().getValue();
    }

    private static Set<String> tagged(MeterRegistry registry, String tag) {
        Set<String> values = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            String value = meter.getId().getTag(tag);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
