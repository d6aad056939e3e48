package io.leveret.samples.tutorials;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** A request and its answer. What the listener returns goes to the queue that the request names (direct reply-to). */
@Configuration(proxyBeanMethods = false)
@Profile("rpc")
class Tutorial6Rpc {
    @Bean
    Queue requests() {
        return new Queue("tutorial.rpc");
    }

    @Bean
    ApplicationRunner ask(RabbitTemplate template) {
        return arguments -> {
            Object answer = template.convertSendAndReceive("tutorial.rpc", "30");
            System.out.println("fibonacci(30) is " + answer);
        };
    }

    @RabbitListener(queues = "tutorial.rpc")
    String answer(String request) {
        return String.valueOf(fibonacci(Integer.parseInt(request)));
    }

    private static long fibonacci(int n) {
        long current = 0;
        long next = 1;
        for (int i = 0; i < n; i++) {
            long sum = current + next;
            current = next;
            next = sum;
        }
        return current;
    }
}
