package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

class BrokerCustomizerTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RabbitAutoConfiguration.class,
                    RabbitBrokerConnectionAutoConfiguration.class,
                    BrokerAutoConfiguration.class));

    @Test
    void customizersChangeInTheirOrderWhatThePropertiesSay() {
        runner.withUserConfiguration(Customizers.class)
                .withPropertyValues("broker.limits.default-prefetch=1", "broker.virtual-hosts=from-properties")
                .run(context -> {
                    BrokerConfig config = context.getBean(Broker.class).config();
                    assertThat(config.defaultPrefetch()).isEqualTo(3);
                    assertThat(config.virtualHosts()).containsExactly("from-properties");
                    assertThat(context.getBean(RabbitConnectionDetails.class).getUsername())
                            .isEqualTo("customized");
                    context.getBean(RabbitTemplate.class).convertAndSend("nowhere", "can log in");
                });
    }

    @Test
    void customizersChangeTheListenerAndTheClientFollows() {
        runner.withUserConfiguration(OtherAddress.class).run(context -> {
            assertThat(context.getBean(AmqpServer.class).address().getHostAddress())
                    .isEqualTo("127.0.0.2");
            assertThat(context.getBean(RabbitConnectionDetails.class)
                            .getAddresses()
                            .get(0)
                            .host())
                    .isEqualTo("127.0.0.2");
            context.getBean(RabbitTemplate.class).convertAndSend("nowhere", "can connect");
        });
    }

    @Test
    void tellsOnceThatTheBrokerIsUp() {
        runner.withUserConfiguration(Listening.class).run(context -> {
            assertThat(context.getBean(Listening.class).heard).singleElement().satisfies(event -> {
                assertThat(event.broker()).isSameAs(context.getBean(Broker.class));
                assertThat(event.port())
                        .isEqualTo(context.getBean(AmqpServer.class).port());
            });
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        @Bean
        @Order(2)
        BrokerCustomizer last() {
            return broker -> broker.defaultPrefetch(3);
        }

        @Bean
        @Order(1)
        BrokerCustomizer first() {
            return broker -> broker.defaultPrefetch(2)
                    .users(List.of(new BrokerConfig.FirstUser("customized", "secret", Set.of())));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherAddress {
        @Bean
        BrokerCustomizer otherAddress() {
            return new BrokerCustomizer() {
                @Override
                public void customize(BrokerConfig.Builder broker) {}

                @Override
                public AmqpServerConfig customizeListener(AmqpServerConfig listener) {
                    try {
                        return new AmqpServerConfig(
                                InetAddress.getByName("127.0.0.2"),
                                listener.port(),
                                listener.channelMax(),
                                listener.frameMax(),
                                listener.heartbeatSeconds(),
                                listener.handshakeTimeoutMillis(),
                                listener.silentCloseDelayMillis(),
                                listener.serverProperties());
                    } catch (UnknownHostException e) {
                        throw new AssertionError(e);
                    }
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        final List<BrokerStartedEvent> heard = new ArrayList<>();

        @EventListener
        void onStart(BrokerStartedEvent event) {
            heard.add(event);
        }
    }
}
