package io.leveret.samples.tutorials;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** A message goes to a queue by its name, and from there to a listener. */
@Configuration(proxyBeanMethods = false)
@Profile("hello")
class Tutorial1Hello {
    @Bean
    Queue hello() {
        return new Queue("tutorial.hello");
    }

    @Bean
    ApplicationRunner send(RabbitTemplate template) {
        return arguments -> {
            template.convertAndSend("tutorial.hello", "Hello World!");
            System.out.println("sent 'Hello World!'");
        };
    }

    @RabbitListener(queues = "tutorial.hello")
    void receive(String text) {
        System.out.println("received '" + text + "'");
    }
}
