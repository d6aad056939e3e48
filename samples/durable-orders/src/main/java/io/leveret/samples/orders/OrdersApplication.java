package io.leveret.samples.orders;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Takes orders over HTTP and ships them one after another, also those that were waiting when it was stopped. */
@SpringBootApplication
public class OrdersApplication {
    static final String SHIPPING = "shipping";
    static final String DEAD_LETTERS = "shipping.dead-letters";

    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }

    /** What the listener rejects goes to the other queue. */
    @Bean
    Queue shippingQueue() {
        return QueueBuilder.durable(SHIPPING)
                .deadLetterExchange("")
                .deadLetterRoutingKey(DEAD_LETTERS)
                .build();
    }

    @Bean
    Queue deadLetterQueue() {
        return QueueBuilder.durable(DEAD_LETTERS).build();
    }
}
