package io.leveret.broker.app;

import java.io.IOException;
import java.nio.file.Path;

/** Which broker the tests run against. */
final class Servers {
    private Servers() {}

    static boolean isRabbit() {
        return Boolean.getBoolean("broker.faults.rabbitmq");
    }

    /** Not yet started. */
    static Server in(Path folder, String... argumentsOfOurs) throws IOException {
        return isRabbit() ? new RabbitServer(folder) : new LeveretServer(folder, argumentsOfOurs);
    }
}
