package io.leveret.samples.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code java -jar} in a folder; what it prints goes to a file there that has the jar's name. */
final class JarProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path log;

    private JarProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** The jar is named from the top of the checkout. */
    static JarProcess start(String jar, Path folder, String... arguments) throws IOException {
        Path path = Path.of("..", "..", "..", jar).toAbsolutePath().normalize();
        assertThat(path).as("what ./mvnw package builds").exists();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java));
        // most of what it does is to start
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-jar", path.toString()));
        command.addAll(List.of(arguments));
        Path log = folder.resolve(path.getFileName() + ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new JarProcess(process, log);
    }

    /** Waits for a line with the pattern and returns what its first group matched. */
    String awaitLine(String pattern) throws IOException {
        Pattern compiled = Pattern.compile(pattern);
        await().atMost(PATIENCE).until(() -> compiled.matcher(log()).find() || !process.isAlive());
        Matcher matcher = compiled.matcher(log());
        assertThat(matcher.find()).as("'%s' in the log: %s", pattern, log()).isTrue();
        return matcher.group(1);
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Sends SIGTERM and waits for the end. */
    void terminate() {
        process.destroy();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
