package io.leveret.samples.tutorials;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

/** Runs the tutorial whose profile is active. */
@SpringBootApplication
public class TutorialsApplication {
    public static void main(String[] args) {
        SpringApplication.run(TutorialsApplication.class, args);
    }

    /** Without a profile. */
    @Bean
    @Profile("default")
    ApplicationRunner help() {
        return arguments ->
                System.out.println("Choose a tutorial with --spring.profiles.active=...: hello, work-queues, "
                        + "publish-subscribe, routing, topics, rpc or publisher-confirms");
    }
}
