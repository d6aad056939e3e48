package io.leveret.broker.benchmarks.capacity;

import io.leveret.broker.benchmarks.load.ContentListener;
import io.leveret.broker.benchmarks.load.Frames;
import io.leveret.broker.benchmarks.load.RawConnection;
import io.leveret.broker.benchmarks.load.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens many connections with a channel each, asks each for something, and closes them. */
@Command(name = "Connections", description = "Opens many connections with a channel each and closes them.")
final class Connections extends CapacityProgram {
    private static final String QUEUE = "capacity-connections";

    @Option(names = "--count", description = "connections (default: ${DEFAULT-VALUE})")
    private int count = 2_000;

    @Option(
            names = "--at-once",
            description = "connections that are being opened at the same time (default: ${DEFAULT-VALUE})")
    private int atOnce = 50;

    public static void main(String[] arguments) {
        execute(new Connections(), arguments);
    }

    @Override
    void run(Run run) throws IOException, InterruptedException {
        RawConnection control = run.connect(ContentListener.NONE);
        control.ask(out -> Frames.queueDeclare(out, Run.CHANNEL, QUEUE, false, false, Map.of()));
        run.begin();
        List<RawConnection> connections = new ArrayList<>(count);
        while (connections.size() < count) {
            openSome(run, connections);
        }
        run.end("connections opened, with a channel", count);
        run.begin();
        List<CompletableFuture<Reply>> replies = connections.stream()
                .map(each -> each.call(out -> Frames.queueDeclarePassive(out, Run.CHANNEL, QUEUE)))
                .toList();
        for (CompletableFuture<Reply> reply : replies) {
            RawConnection.await(reply);
        }
        run.end("asked each for a queue's counts", count);
        run.begin();
        List<CompletableFuture<Void>> closes =
                connections.stream().map(RawConnection::close).toList();
        for (CompletableFuture<Void> close : closes) {
            RawConnection.await(close);
        }
        run.end("connections closed", count);
        control.ask(out -> Frames.queueDelete(out, Run.CHANNEL, QUEUE, false));
        RawConnection.await(control.close());
    }

    private void openSome(Run run, List<RawConnection> connections) throws IOException, InterruptedException {
        List<CompletableFuture<RawConnection>> opening = new ArrayList<>();
        for (int i = connections.size(); i < count && opening.size() < atOnce; i++) {
            opening.add(RawConnection.open(run.loops(), run.uri(), ContentListener.NONE)
                    .thenCompose(connection -> connection
                            .call(out -> Frames.channelOpen(out, Run.CHANNEL))
                            .thenApply(reply -> connection)));
        }
        for (CompletableFuture<RawConnection> each : opening) {
            connections.add(RawConnection.await(each));
        }
    }
}
