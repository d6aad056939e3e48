package io.leveret.broker.test.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.test.embedded.BrokerSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

class SharedBrokersTests {
    private static final BrokerSettings SETTINGS = new BrokerSettings(List.of(), List.of("broker.name=shared"));

    private final SharedBrokers brokers = new SharedBrokers();

    @Test
    void aBrokerStaysBetweenTheContextsOfARun() {
        brokers.runBegins();
        DefaultListableBeanFactory first = contextWith(SETTINGS);
        AmqpServer server = first.getBean(AmqpServer.class);
        first.destroySingletons();
        DefaultListableBeanFactory second = contextWith(SETTINGS);
        assertThat(second.getBean(AmqpServer.class)).isSameAs(server);
        second.destroySingletons();
        assertThat(server.isListening()).isTrue();
        brokers.runEnds();
        assertThat(server.isListening()).isFalse();
        assertThat(brokers.count()).isZero();
    }

    @Test
    void aContextThatIsKeptBeyondTheRunKeepsItsBroker() {
        brokers.runBegins();
        DefaultListableBeanFactory cached = contextWith(SETTINGS);
        AmqpServer server = cached.getBean(AmqpServer.class);
        brokers.runEnds();
        assertThat(server.isListening()).isTrue();
        cached.destroySingletons();
        assertThat(server.isListening()).isFalse();
        assertThat(brokers.count()).isZero();
    }

    @Test
    void aBrokerEndsAfterAllBeansThatUseIt() {
        DefaultListableBeanFactory beans = contextWith(SETTINGS);
        AmqpServer server = beans.getBean(AmqpServer.class);
        boolean[] listening = new boolean[1];
        beans.registerDisposableBean("user", () -> listening[0] = server.isListening());
        beans.destroySingletons();
        assertThat(listening[0]).isTrue();
        assertThat(server.isListening()).isFalse();
    }

    @Test
    void otherSettingsAreAnotherBroker() {
        DefaultListableBeanFactory one = contextWith(SETTINGS);
        DefaultListableBeanFactory other = contextWith(new BrokerSettings(List.of(), List.of("broker.name=other")));
        assertThat(brokers.count()).isEqualTo(2);
        assertThat(one.getBean(AmqpServer.class).port())
                .isNotEqualTo(other.getBean(AmqpServer.class).port());
        one.destroySingletons();
        other.destroySingletons();
        assertThat(brokers.count()).isZero();
    }

    private DefaultListableBeanFactory contextWith(BrokerSettings settings) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        brokers.lease(settings).register(beans);
        return beans;
    }
}
