package io.leveret.broker.autoconfigure.complaint;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications without a web server, closed by the test alone. */
final class Applications {
    private Applications() {}

    static ConfigurableApplicationContext start(Class<?> configuration, String... properties) {
        return builder(configuration).properties(properties).run();
    }

    static SpringApplicationBuilder builder(Class<?> configuration) {
        return new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false);
    }

    static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.broker.port", Integer.class);
    }
}
