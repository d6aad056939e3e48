package io.leveret.broker.store.postgres;

import static org.awaitility.Awaitility.await;

import io.leveret.broker.store.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL of its own, on a free port of the loopback interface, with its data in a temporary folder. It can be stopped
 * and started again with the same port and data. It ends with the test's process, also when that is killed.
 *
 * <p>PostgreSQL does not run as root: if the tests do, it runs as nobody.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "broker";
    private static final String PASSWORD = "only for tests";
    private static final Duration START = Duration.ofSeconds(60);

    /** Stops the server when its standard input ends, which is when this process has gone. */
    private static final String GUARD =
            "\"$@\" </dev/null & server=$!; cat >/dev/null; kill -INT $server; wait $server";

    private static final List<String> OPTIONS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "shared_buffers=32MB",
            "max_connections=60",
            "lc_messages=C");

    private final Path binaries = PostgresBinaries.folder();
    private final Path folder;
    private final Path data;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private Process process;

    private PostgresServer() throws IOException {
        folder = Files.createTempDirectory(PostgresBinaries.temporary(), "leveret-postgres-data");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        data = Files.createDirectory(folder.resolve("data"));
        if (isRoot()) {
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        initialise();
        port = freePort();
        process = launch();
    }

    /** Makes a server and waits until it serves. */
    public static PostgresServer start() {
        try {
            var server = new PostgresServer();
            server.awaitService();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A store in a new, empty database. */
    public StoreConfig newDatabase() {
        String name = "broker" + databases.incrementAndGet();
        execute("create database " + name);
        return StoreConfig.of(url(name), USER, PASSWORD);
    }

    /** Runs a statement in the database {@code postgres}. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Ends it in order; connections are cut. */
    public void stop() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.onExit().join();
    }

    /** Ends it as a loss of power does. */
    public void kill() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0));
            ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
            List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
            all.add(server);
            all.forEach(ProcessHandle::destroyForcibly);
            stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after {@link #stop} or {@link #kill}, with the same port and data, and waits until it serves. */
    public void startAgain() {
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitService();
    }

    /** Stops it and deletes its data. */
    @Override
    public void close() {
        stop();
        try {
            PostgresBinaries.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url("postgres"), USER, PASSWORD);
    }

    private void initialise() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        Path log = folder.resolve("initdb.log");
        Process initdb = new ProcessBuilder(unprivileged(
                        "initdb",
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (initdb.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("initdb failed: " + Files.readString(log));
        }
    }

    private Process launch() throws IOException {
        List<String> server = new ArrayList<>(List.of("sh", "-c", GUARD, "guard"));
        server.addAll(unprivileged("postgres", "-D", data.toString(), "-p", String.valueOf(port)));
        OPTIONS.forEach(option -> server.addAll(List.of("-c", option)));
        return new ProcessBuilder(server)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()))
                .start();
    }

    private void awaitService() {
        await().atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> {
                    connect().close();
                    return true;
                });
    }

    private List<String> unprivileged(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.add(binaries.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
