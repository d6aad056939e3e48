package io.leveret.broker.host;

import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs an application without a health endpoint. Called by reflection, in a class loader of the application's. */
public final class HostStart {
    private HostStart() {}

    /** @return {@code beans} */
    public static Map<String, List<String>> run(String application, String... arguments) throws Exception {
        try (ConfigurableApplicationContext context = SpringApplication.run(Class.forName(application), arguments)) {
            return Map.of("beans", List.of(context.getBeanDefinitionNames()));
        }
    }
}
