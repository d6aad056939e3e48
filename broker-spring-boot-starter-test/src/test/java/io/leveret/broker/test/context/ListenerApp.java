package io.leveret.broker.test.context;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with one listener. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ListenerApp {
    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @Bean
    Queue work() {
        return new Queue("work");
    }

    @Bean
    Queue parked() {
        return new Queue("parked");
    }

    @RabbitListener(queues = "work")
    void receive(String text) {
        received.add(text);
    }
}
