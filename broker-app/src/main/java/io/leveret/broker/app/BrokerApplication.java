package io.leveret.broker.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts a broker and its HTTP endpoints; settings are in {@code application.yml}. */
@SpringBootApplication(proxyBeanMethods = false)
public class BrokerApplication {

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(BrokerApplication.class);
        application.setDefaultProperties(Map.of("broker.name", "rabbit@" + shortHostName()));
        application.run(args);
    }

    // as RabbitMQ's default node name: the host name without its domain
    private static String shortHostName() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "localhost";
        }
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
