package io.leveret.broker.autoconfigure.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BrokerObservationAutoConfigurationTests {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final Recording recording = new Recording();
    private final ApplicationContextRunner plain = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(BrokerAutoConfiguration.class, BrokerObservationAutoConfiguration.class))
            .withPropertyValues("broker.name=observed");
    private final ApplicationContextRunner runner = plain.withBean(ObservationRegistry.class, () -> registry(recording))
            .withPropertyValues("broker.observation.enabled=true");

    @Test
    void observesAMessageWithItsTraceAndWhereItWent() {
        runner.run(context -> {
            try (Connection connection = connect(context);
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("q", false, false, false, null);
                channel.basicPublish("", "q", traced(), new byte[1]);
                channel.basicPublish("amq.topic", "a.b", null, new byte[1]);
                assertThat(channel.messageCount("q")).isEqualTo(1);
                // nothing is added
                assertThat(channel.basicGet("q", true).getProps().getHeaders())
                        .hasToString("{traceparent=" + TRACEPARENT + "}");
            }
            assertThat(recording.stopped).hasSize(2);
            BrokerPublishContext first = recording.stopped.get(0);
            assertThat(first.getName()).isEqualTo("broker.publish");
            assertThat(first.getContextualName()).isEqualTo("(default) publish");
            assertThat(first.getKind()).isEqualTo(Kind.SERVER);
            assertThat(first.getGetter().get(first.getCarrier(), "traceparent")).isEqualTo(TRACEPARENT);
            assertThat(first.getGetter().get(first.getCarrier(), "b3")).isNull();
            assertThat(values(first.getLowCardinalityKeyValues()))
                    .isEqualTo(Map.of("broker", "observed", "vhost", "/", "outcome", "routed"));
            assertThat(values(first.getHighCardinalityKeyValues()))
                    .isEqualTo(Map.of("exchange", "", "routing.key", "q", "queues", "1"));
            BrokerPublishContext second = recording.stopped.get(1);
            assertThat(second.getContextualName()).isEqualTo("amq.topic publish");
            assertThat(values(second.getLowCardinalityKeyValues())).containsEntry("outcome", "unrouted");
        });
    }

    @Test
    void observesWhyAMessageIsRefused() {
        runner.run(context -> {
            try (Connection connection = connect(context)) {
                Channel channel = connection.createChannel();
                channel.basicPublish("missing", "q", null, new byte[1]);
                await().until(() -> !channel.isOpen());
            }
            assertThat(recording.stopped).hasSize(1);
            BrokerPublishContext refused = recording.stopped.get(0);
            assertThat(refused.getError()).hasMessageContaining("no exchange 'missing' in vhost '/'");
            assertThat(values(refused.getLowCardinalityKeyValues())).containsEntry("outcome", "refused");
        });
    }

    @Test
    void usesAConventionOfTheApplication() {
        runner.withBean(BrokerPublishObservationConvention.class, () -> new BrokerPublishObservationConvention() {
                    @Override
                    public String getName() {
                        return "mine";
                    }
                })
                .run(context -> {
                    publish(context);
                    assertThat(recording.stopped)
                            .extracting(Observation.Context::getName)
                            .containsExactly("mine");
                });
    }

    @Test
    void aHandlerThatFailsHarmsNoMessage(CapturedOutput output) {
        recording.failing = true;
        runner.run(context -> {
            publish(context);
            publish(context);
        });
        assertThat(output.getOut().split("a handler of observations failed", -1))
                .hasSize(2);
    }

    @Test
    void isNotThereUnlessItIsAskedForAndPossible() {
        runner.withPropertyValues("broker.observation.enabled=false").run(context -> {
            publish(context);
            assertThat(context).doesNotHaveBean(BrokerPublishObservations.class);
        });
        runner.withPropertyValues("broker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerPublishObservations.class));
        plain.withPropertyValues("broker.observation.enabled=true")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerPublishObservations.class));
        plain.withPropertyValues("broker.observation.enabled=true")
                .withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BrokerPublishObservations.class));
        assertThat(recording.stopped).isEmpty();
    }

    /** Publishes a message and gets it back. */
    private static void publish(AssertableApplicationContext context) throws Exception {
        try (Connection connection = connect(context);
                Channel channel = connection.createChannel()) {
            String queue = channel.queueDeclare().getQueue();
            channel.basicPublish("", queue, traced(), new byte[1]);
            assertThat(channel.basicGet(queue, true)).isNotNull();
        }
    }

    private static AMQP.BasicProperties traced() {
        return new AMQP.BasicProperties.Builder()
                .headers(Map.of("traceparent", TRACEPARENT))
                .build();
    }

    private static Connection connect(AssertableApplicationContext context) throws Exception {
        return LoopbackClient.connect(context.getBean(AmqpServer.class).port());
    }

    private static Map<String, String> values(KeyValues all) {
        return all.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    private static ObservationRegistry registry(Recording recording) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(recording);
        return registry;
    }

    private static final class Recording implements ObservationHandler<BrokerPublishContext> {
        private final List<BrokerPublishContext> stopped = new CopyOnWriteArrayList<>();
        private volatile boolean failing;

        @Override
        public void onStart(BrokerPublishContext context) {
            if (failing) {
                throw new IllegalStateException("made to fail");
            }
        }

        @Override
        public void onStop(BrokerPublishContext context) {
            stopped.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof BrokerPublishContext;
        }
    }
}
