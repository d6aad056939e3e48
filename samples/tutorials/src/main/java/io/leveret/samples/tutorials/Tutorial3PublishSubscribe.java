package io.leveret.samples.tutorials;

import org.springframework.amqp.core.ExchangeTypes;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * A fanout exchange gives each queue that is bound to it a copy. A {@code @Queue} without a name is there for its listener alone
 * and goes away with it.
 */
@Configuration(proxyBeanMethods = false)
@Profile("publish-subscribe")
class Tutorial3PublishSubscribe {
    @Bean
    ApplicationRunner send(RabbitTemplate template) {
        return arguments -> template.convertAndSend("tutorial.logs", "", "the disk is full");
    }

    @RabbitListener(
            bindings =
                    @QueueBinding(
                            value = @Queue,
                            exchange = @Exchange(name = "tutorial.logs", type = ExchangeTypes.FANOUT)))
    void first(String text) {
        System.out.println("first subscriber: '" + text + "'");
    }

    @RabbitListener(
            bindings =
                    @QueueBinding(
                            value = @Queue,
                            exchange = @Exchange(name = "tutorial.logs", type = ExchangeTypes.FANOUT)))
    void second(String text) {
        System.out.println("second subscriber: '" + text + "'");
    }
}
