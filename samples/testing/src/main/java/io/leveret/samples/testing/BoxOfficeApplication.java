package io.leveret.samples.testing;

import java.time.Duration;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Sells seats. A reservation that is not paid for within half an hour is void. */
@SpringBootApplication
public class BoxOfficeApplication {
    static final String RESERVED = "box-office.reserved";
    static final String OVERDUE = "box-office.overdue";
    static final String PAYMENTS = "box-office.payments";
    static final String BAD_PAYMENTS = "box-office.bad-payments";
    static final Duration TIME_TO_PAY = Duration.ofMinutes(30);

    public static void main(String[] args) {
        SpringApplication.run(BoxOfficeApplication.class, args);
    }

    /** Nobody listens here: reservations wait until their time is over, and go on to the next queue. */
    @Bean
    Queue reserved() {
        return QueueBuilder.durable(RESERVED)
                .ttl((int) TIME_TO_PAY.toMillis())
                .deadLetterExchange("")
                .deadLetterRoutingKey(OVERDUE)
                .build();
    }

    @Bean
    Queue overdue() {
        return QueueBuilder.durable(OVERDUE).build();
    }

    @Bean
    Queue payments() {
        return QueueBuilder.durable(PAYMENTS)
                .deadLetterExchange("")
                .deadLetterRoutingKey(BAD_PAYMENTS)
                .build();
    }

    @Bean
    Queue badPayments() {
        return QueueBuilder.durable(BAD_PAYMENTS).build();
    }
}
