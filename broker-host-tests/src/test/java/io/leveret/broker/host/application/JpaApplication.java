package io.leveret.broker.host.application;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Has a JPA unit and a repository, all made by Boot, and uses them. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class JpaApplication {

    @Bean
    Runnable useOfTheRepository(Customers customers) {
        return () -> {
            customers.save(new Customer(1, "Ann"));
            if (customers.count() != 1) {
                throw new IllegalStateException("the repository does not work");
            }
        };
    }
}
