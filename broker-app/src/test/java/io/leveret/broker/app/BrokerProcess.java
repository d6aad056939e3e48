package io.leveret.broker.app;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A broker started from the packaged jar. */
final class BrokerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern UP = Pattern.compile("is up: AMQP on 127\\.0\\.0\\.1:(?<amqp>\\d+),"
            + "( AMQPS on 127\\.0\\.0\\.1:(?<amqps>\\d+),)? HTTP on 127\\.0\\.0\\.1:(?<http>\\d+);");

    private final Process process;
    private final Path log;

    private BrokerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Runs the jar with these arguments in an empty folder. */
    static BrokerProcess run(Path folder, String... arguments) throws IOException {
        return runWith(List.of(), folder, arguments);
    }

    private static BrokerProcess runWith(List<String> jvm, Path folder, String... arguments) throws IOException {
        List<String> options = new ArrayList<>(ClassArchive.options());
        options.addAll(jvm);
        return runAlone(options, folder, arguments);
    }

    /** Runs it with these options of the JVM and no others. */
    static BrokerProcess runAlone(List<String> jvm, Path folder, String... arguments) throws IOException {
        Path jar = Path.of(System.getProperty("broker.app.jar", "target/broker-app.jar"))
                .toAbsolutePath();
        Path log = folder.resolve("broker.log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new BrokerProcess(process, log);
    }

    /** Runs the jar on free ports, with more arguments, and waits until it says that it is up. */
    static BrokerProcess start(Path folder, String... more) throws IOException {
        return startWith(List.of(), folder, more);
    }

    /** The same in a JVM with options. */
    static BrokerProcess startWith(List<String> jvm, Path folder, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--broker.port=0", "--server.port=0"));
        arguments.addAll(List.of(more));
        BrokerProcess broker = runWith(jvm, folder, arguments.toArray(String[]::new));
        broker.awaitUpOrEnd();
        return broker;
    }

    void awaitUpOrEnd() {
        await().atMost(PATIENCE).until(() -> UP.matcher(log()).find() || !process.isAlive());
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    int amqpPort() throws IOException {
        return Integer.parseInt(up().group("amqp"));
    }

    int amqpsPort() throws IOException {
        return Integer.parseInt(up().group("amqps"));
    }

    int httpPort() throws IOException {
        return Integer.parseInt(up().group("http"));
    }

    Connection connect() throws IOException, TimeoutException {
        return connect("guest", "guest", "/");
    }

    Connection connect(String user, String password, String vhost) throws IOException, TimeoutException {
        ConnectionFactory factory = LoopbackClient.factory(amqpPort());
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(vhost);
        return factory.newConnection();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path);
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL and waits until the process is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    void awaitEnd() {
        process.onExit().join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end and returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + PATIENCE);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Matcher up() throws IOException {
        Matcher matcher = UP.matcher(log());
        if (!matcher.find()) {
            throw new AssertionError("not up: " + log());
        }
        return matcher;
    }
}
