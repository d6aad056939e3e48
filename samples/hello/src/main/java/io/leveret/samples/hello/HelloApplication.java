package io.leveret.samples.hello;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Sends one message through the broker inside it, and prints it when it arrives. */
@SpringBootApplication
public class HelloApplication {
    public static void main(String[] args) {
        SpringApplication.run(HelloApplication.class, args);
    }

    /** Spring declares this queue on the broker. */
    @Bean
    Queue hello() {
        return new Queue("hello");
    }

    @Bean
    ApplicationRunner send(RabbitTemplate template) {
        return arguments -> template.convertAndSend("hello", "Hello World!");
    }

    @RabbitListener(queues = "hello")
    void receive(String text) {
        System.out.println("Received '" + text + "'");
    }
}
