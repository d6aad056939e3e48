package io.leveret.samples.tutorials;

import java.util.List;
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

/** A topic exchange compares words: {@code *} is any one of them, {@code #} any number. Here speed, colour, animal. */
@Configuration(proxyBeanMethods = false)
@Profile("topics")
class Tutorial5Topics {
    @Bean
    ApplicationRunner send(RabbitTemplate template) {
        List<String> keys = List.of(
                "quick.orange.rabbit", "lazy.orange.elephant", "quick.orange.fox", "lazy.brown.fox", "quick.brown.fox");
        return arguments -> keys.forEach(key -> template.convertAndSend("tutorial.animals", key, key));
    }

    @RabbitListener(
            bindings =
                    @QueueBinding(
                            value = @Queue,
                            exchange = @Exchange(name = "tutorial.animals", type = ExchangeTypes.TOPIC),
                            key = "*.orange.*"))
    void orange(String animal) {
        System.out.println("orange: " + animal);
    }

    @RabbitListener(
            bindings =
                    @QueueBinding(
                            value = @Queue,
                            exchange = @Exchange(name = "tutorial.animals", type = ExchangeTypes.TOPIC),
                            key = {"*.*.rabbit", "lazy.#"}))
    void rabbitOrLazy(String animal) {
        System.out.println("rabbit or lazy: " + animal);
    }
}
