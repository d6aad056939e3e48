package io.leveret.broker.app;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Debian's RabbitMQ as a node of its own with its data in a folder. */
final class RabbitServer implements Server {
    private static final Path PROGRAMS = Path.of("/usr/lib/rabbitmq/bin");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final int port;
    private final int distributionPort;
    private final int mapperPort;
    private @Nullable Process process;

    RabbitServer(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket first = new ServerSocket(0);
                ServerSocket second = new ServerSocket(0);
                ServerSocket third = new ServerSocket(0)) {
            port = first.getLocalPort();
            distributionPort = second.getLocalPort();
            mapperPort = third.getLocalPort();
        }
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODENAME", "faults-" + port + "@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("none").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("plugins").toString()));
    }

    private ProcessBuilder program(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
    }

    @Override
    public void start() throws IOException {
        Files.deleteIfExists(folder.resolve("pid"));
        Files.writeString(folder.resolve("plugins"), "[rabbitmq_consistent_hash_exchange,rabbitmq_sharding].");
        Process started =
                program(List.of(PROGRAMS.resolve("rabbitmq-server").toString())).start();
        process = started;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!started.isAlive()) {
                throw new AssertionError("RabbitMQ ended: " + log());
            }
            return accepts();
        });
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected() && Files.exists(folder.resolve("pid"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs rabbitmqctl. */
    void control(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(PROGRAMS.resolve("rabbitmqctl").toString(), "-q", "-n", "faults-" + port + "@localhost"));
        command.addAll(List.of(arguments));
        int status = program(command).start().waitFor();
        if (status != 0) {
            throw new AssertionError(command + " ended with " + status + ": " + log());
        }
    }

    private ProcessHandle node() {
        try {
            return ProcessHandle.of(Long.parseLong(
                            Files.readString(folder.resolve("pid")).strip()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void kill() {
        node().destroyForcibly();
        awaitEnd();
    }

    @Override
    public void stop() {
        node().destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        if (process != null) {
            process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    @Override
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public Connection connect() throws IOException, TimeoutException {
        return Clients.connect(port);
    }

    @Override
    public Connection connect(String user, String password, String vhost) throws IOException, TimeoutException {
        return Clients.connect(port, user, password, vhost);
    }

    @Override
    public String log() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    @Override
    public void close() {
        try {
            if (isAlive()) {
                kill();
            }
            program(List.of("epmd", "-port", Integer.toString(mapperPort), "-kill"))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
