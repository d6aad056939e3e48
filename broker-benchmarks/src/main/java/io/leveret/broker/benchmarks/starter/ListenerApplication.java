package io.leveret.broker.benchmarks.starter;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The same with one listener. */
@Configuration(proxyBeanMethods = false)
class ListenerApplication extends HostApplication {
    static final String QUEUE = "starter-benchmark";

    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @Bean
    Queue queue() {
        return new Queue(QUEUE, false, false, true);
    }

    @RabbitListener(queues = QUEUE)
    void receive(String text) {
        received.add(text);
    }
}
