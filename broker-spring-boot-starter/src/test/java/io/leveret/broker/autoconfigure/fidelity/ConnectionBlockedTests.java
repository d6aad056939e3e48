package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.amqp.alarm.AlarmSwitch;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.event.AmqpEvent;
import org.springframework.amqp.rabbit.connection.ConnectionBlockedEvent;
import org.springframework.amqp.rabbit.connection.ConnectionUnblockedEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

@Tag("behaviour")
class ConnectionBlockedTests {
    @ParameterizedTest
    @EnumSource(ClientMode.class)
    void anAlarmIsAnEventOfTheApplicationAndWhatWasSentMeanwhileArrives(ClientMode mode) throws Exception {
        try (TestApplication application =
                TestApplication.start(mode, App.class, "spring.rabbitmq.template.receive-timeout=60s")) {
            App app = application.bean(App.class);
            AlarmSwitch alarms = application.alarms();
            try {
                alarms.memory(true);
                application.template().convertAndSend("inbox", "sent during the alarm");
                assertThat(app.events.poll(60, TimeUnit.SECONDS))
                        .isInstanceOfSatisfying(
                                ConnectionBlockedEvent.class,
                                event -> assertThat(event.getReason()).isEqualTo("low on memory"));
            } finally {
                alarms.allOff();
            }
            assertThat(app.events.poll(60, TimeUnit.SECONDS)).isInstanceOf(ConnectionUnblockedEvent.class);
            assertThat(application.template().receiveAndConvert("inbox")).isEqualTo("sent during the alarm");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        @Bean
        Queue inbox() {
            return new Queue("inbox");
        }

        @EventListener({ConnectionBlockedEvent.class, ConnectionUnblockedEvent.class})
        void note(AmqpEvent event) {
            events.add(event);
        }
    }
}
