package io.leveret.broker.autoconfigure.complaint;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Receives what is sent to the queue {@code work}. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class WorkApplication {
    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @Bean
    Queue work() {
        return new Queue("work");
    }

    @Bean
    Queue kept() {
        return new Queue("kept");
    }

    @RabbitListener(queues = "work")
    void receive(String text) {
        received.add(text);
    }
}
