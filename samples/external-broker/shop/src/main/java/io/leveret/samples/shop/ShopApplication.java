package io.leveret.samples.shop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Sends each purchase to the exchange {@code purchases}, and collects the invoices that come back. */
@SpringBootApplication
public class ShopApplication {
    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }

    /** Messages are JSON. */
    @Bean
    JacksonJsonMessageConverter json() {
        return new JacksonJsonMessageConverter();
    }

    @RestController
    static class Counter {
        private final RabbitTemplate broker;
        private final List<Invoice> invoices = new CopyOnWriteArrayList<>();

        Counter(RabbitTemplate broker) {
            this.broker = broker;
        }

        @PostMapping("/purchases")
        @ResponseStatus(HttpStatus.ACCEPTED)
        void sell(@RequestBody Purchase purchase) {
            broker.convertAndSend("purchases", "purchase.made", purchase);
        }

        @RabbitListener(queues = "shop.invoices")
        void receive(Invoice invoice) {
            invoices.add(invoice);
        }

        @GetMapping("/invoices")
        List<Invoice> invoices() {
            return invoices;
        }
    }

    record Purchase(String customer, int cents) {}

    record Invoice(String number, String customer, int cents) {}
}
