package io.leveret.broker.app;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The packaged jar with its data in a folder. */
final class LeveretServer implements Server {
    private static final int SIGTERM_EXIT = 143;

    private final Path folder;
    private final List<String> jvm;
    private final List<String> arguments;
    private @Nullable BrokerProcess process;
    private int starts;

    LeveretServer(Path folder, String... arguments) {
        this(folder, List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"), arguments);
    }

    LeveretServer(Path folder, List<String> jvm, String... arguments) {
        this.folder = folder;
        this.jvm = jvm;
        this.arguments = List.of(arguments);
    }

    @Override
    public void start() throws IOException {
        startWith();
    }

    /** Starts it with more arguments this time. */
    void startWith(String... more) throws IOException {
        keepLog();
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        process = BrokerProcess.startWith(jvm, folder, all.toArray(String[]::new));
    }

    private void keepLog() throws IOException {
        if (starts++ > 0) {
            Files.move(
                    folder.resolve("broker.log"),
                    folder.resolve("broker." + (starts - 1) + ".log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    BrokerProcess process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    @Override
    public void kill() {
        process().kill();
    }

    @Override
    public void stop() throws InterruptedException {
        process().terminate();
        int code = process().exitCode();
        if (code != SIGTERM_EXIT) {
            throw new AssertionError("SIGTERM ended it with " + code);
        }
    }

    @Override
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public Connection connect() throws IOException, TimeoutException {
        return Clients.connect(process().amqpPort());
    }

    @Override
    public Connection connect(String user, String password, String vhost) throws IOException, TimeoutException {
        return Clients.connect(process().amqpPort(), user, password, vhost);
    }

    @Override
    public String log() throws IOException {
        return process().log();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process.awaitEnd();
        }
    }
}
