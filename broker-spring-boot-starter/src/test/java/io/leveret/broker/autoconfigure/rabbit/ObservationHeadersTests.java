package io.leveret.broker.autoconfigure.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A trace goes through the broker as its headers were when the client sent them. */
class ObservationHeadersTests {
    private static final Map<String, String> TRACE = Map.of(
            "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE; \u00e9\u20ac",
            "b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90");

    @Test
    void headersOfATraceSurvivePublishRedeliveryAndDeadLettering() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        RabbitAutoConfiguration.class,
                        RabbitBrokerConnectionAutoConfiguration.class,
                        BrokerAutoConfiguration.class))
                .withUserConfiguration(Tracing.class)
                .withPropertyValues("spring.rabbitmq.template.observation-enabled=true")
                .run(context -> {
                    RabbitTemplate template = context.getBean(RabbitTemplate.class);
                    template.execute(channel -> {
                        channel.queueDeclare("dead", false, false, false, null);
                        channel.queueDeclare(
                                "q",
                                false,
                                false,
                                false,
                                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
                        return null;
                    });
                    template.convertAndSend("q", "observed");

                    GetResponse first = get(template, "q", true);
                    assertThat(trace(first)).isEqualTo(TRACE);
                    GetResponse again = get(template, "q", false);
                    assertThat(again.getEnvelope().isRedeliver()).isTrue();
                    assertThat(trace(again)).isEqualTo(TRACE);
                    GetResponse dead = get(template, "dead", false);
                    assertThat(dead.getProps().getHeaders()).containsKey("x-death");
                    assertThat(trace(dead)).isEqualTo(TRACE);
                });
    }

    /** Fetches a message and rejects it. */
    private static GetResponse get(RabbitTemplate template, String queue, boolean requeue) {
        GetResponse got = template.execute(channel -> {
            GetResponse response = null;
            for (int i = 0; i < 1_000 && response == null; i++) {
                response = channel.basicGet(queue, false);
            }
            if (response != null) {
                channel.basicReject(response.getEnvelope().getDeliveryTag(), requeue);
            }
            return response;
        });
        assertThat(got).as("message of %s", queue).isNotNull();
        return got;
    }

    private static Map<String, String> trace(GetResponse message) {
        Map<String, String> trace = new TreeMap<>();
        message.getProps().getHeaders().forEach((name, value) -> {
            if (TRACE.containsKey(name)) {
                trace.put(name, value.toString());
            }
        });
        return trace;
    }

    @Configuration(proxyBeanMethods = false)
    static class Tracing {
        @Bean
        ObservationRegistry observationRegistry() {
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig().observationHandler(new Propagation());
            return registry;
        }
    }

    /** What a tracer does with what is sent. */
    private static final class Propagation implements ObservationHandler<SenderContext<Object>> {
        @Override
        public void onStart(SenderContext<Object> sending) {
            Object carrier = sending.getCarrier();
            assertThat(carrier).isNotNull();
            TRACE.forEach((name, value) -> sending.getSetter().set(carrier, name, value));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof SenderContext;
        }
    }
}
