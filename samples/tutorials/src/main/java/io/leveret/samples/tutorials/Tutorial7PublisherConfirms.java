package io.leveret.samples.tutorials;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The broker confirms what it has taken charge of. Many messages may be on their way before the first confirm is there; each has
 * a future. A message that no queue gets is confirmed as well, and comes back before that because it is mandatory
 * (application.yml).
 */
@Configuration(proxyBeanMethods = false)
@Profile("publisher-confirms")
class Tutorial7PublisherConfirms {
    private static final int MESSAGES = 1_000;

    /** Keeps no more than 10 messages, so that the tutorial leaves little behind. */
    @Bean
    Queue confirmed() {
        return new Queue("tutorial.confirmed", true, false, false, Map.of("x-max-length", 10));
    }

    @Bean
    ApplicationRunner publish(RabbitTemplate template) {
        template.setReturnsCallback(returned -> System.out.println("came back: " + returned.getReplyText()));
        return arguments -> {
            List<CorrelationData> sent = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                CorrelationData message = new CorrelationData("message " + i);
                template.convertAndSend("", "tutorial.confirmed", message.getId(), message);
                sent.add(message);
            }
            int confirmed = 0;
            for (CorrelationData message : sent) {
                if (message.getFuture().get(10, TimeUnit.SECONDS).ack()) {
                    confirmed++;
                }
            }
            System.out.println(confirmed + " of " + MESSAGES + " messages are confirmed");

            CorrelationData lost = new CorrelationData("lost");
            template.convertAndSend("", "tutorial.no-such-queue", "to nobody", lost);
            lost.getFuture().get(10, TimeUnit.SECONDS);
        };
    }
}
