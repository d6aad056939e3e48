package io.leveret.samples.tutorials;

import java.util.List;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** A direct exchange gives a message to the queues that are bound with its routing key. */
@Configuration(proxyBeanMethods = false)
@Profile("routing")
class Tutorial4Routing {
    @Bean
    ApplicationRunner send(RabbitTemplate template) {
        return arguments -> {
            for (String severity : List.of("debug", "info", "warning", "error")) {
                template.convertAndSend("tutorial.severities", severity, "something to " + severity);
            }
        };
    }

    @RabbitListener(
            bindings = @QueueBinding(value = @Queue, exchange = @Exchange("tutorial.severities"), key = "error"))
    void errors(String text) {
        System.out.println("errors: '" + text + "'");
    }

    @RabbitListener(
            bindings =
                    @QueueBinding(
                            value = @Queue,
                            exchange = @Exchange("tutorial.severities"),
                            key = {"info", "warning", "error"}))
    void everything(String text) {
        System.out.println("everything: '" + text + "'");
    }
}
