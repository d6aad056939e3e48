package io.leveret.samples.billing;

import java.util.UUID;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Writes an invoice for each purchase, and sends it to the exchange {@code invoices}. */
@SpringBootApplication
public class BillingApplication {
    public static void main(String[] args) {
        SpringApplication.run(BillingApplication.class, args);
    }

    /** Messages are JSON. */
    @Bean
    JacksonJsonMessageConverter json() {
        return new JacksonJsonMessageConverter();
    }

    @Component
    static class Clerk {
        private final RabbitTemplate broker;

        Clerk(RabbitTemplate broker) {
            this.broker = broker;
        }

        @RabbitListener(queues = "billing.purchases")
        void write(Purchase purchase) {
            Invoice invoice = new Invoice(UUID.randomUUID().toString(), purchase.customer(), purchase.cents());
            broker.convertAndSend("invoices", "invoice.written", invoice);
            System.out.println("invoice for " + invoice.customer() + ": " + invoice.cents() + " cents");
        }
    }

    record Purchase(String customer, int cents) {}

    record Invoice(String number, String customer, int cents) {}
}
