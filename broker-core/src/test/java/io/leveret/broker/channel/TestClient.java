package io.leveret.broker.channel;

import io.leveret.broker.auth.User;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.loop.ManualEventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a socket: what is read is run with {@link #turn}, after which gathered commands leave, as they do
 * after a read from a socket; whether the client keeps up is a switch.
 */
final class TestClient implements ConnectionOutput {
    final TestBroker broker;
    final ManualEventLoop loop;
    final ClientConnection connection;
    boolean readingSuspended;

    @Nullable AmqpError forcedToClose;

    private boolean writable = true;
    private boolean reading;
    private boolean endOfTurnQueued;
    private boolean gone;

    TestClient(TestBroker broker, ManualEventLoop loop, User user) {
        this.broker = broker;
        this.loop = loop;
        this.connection = loop.call(() -> broker.broker.openConnection(loop, "/", user, this));
    }

    TestChannel open() {
        return new TestChannel(this);
    }

    /** Runs something as if it came from the socket. */
    <T extends @Nullable Object> T turn(Supplier<T> work) {
        return loop.call(() -> {
            reading = true;
            try {
                return work.get();
            } finally {
                reading = false;
                endTurn();
            }
        });
    }

    void turn(Runnable work) {
        turn(() -> {
            work.run();
            return true;
        });
    }

    /** Runs a request as if it came from the socket, and everything that follows from it. */
    <T extends @Nullable Object> T request(Supplier<CompletableFuture<T>> request) {
        return broker.await(turn(request));
    }

    /** Makes the client read, or stop reading, what it is sent. */
    void writable(boolean now) {
        writable = now;
        if (now) {
            loop.run(connection::onWritable);
        }
    }

    /** Ends the connection as if the socket was closed; nobody flushes it afterwards. */
    CompletableFuture<Void> drop() {
        return loop.call(() -> {
            gone = true;
            return connection.close();
        });
    }

    void close() {
        broker.await(drop());
    }

    private void endTurn() {
        if (!gone) {
            connection.endTurn();
        }
        endOfTurnQueued = false;
    }

    @Override
    public String name() {
        return "client -> broker";
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void flushSoon() {
        if (!endOfTurnQueued) {
            endOfTurnQueued = true;
            if (!reading) {
                loop.execute(this::endTurn);
            }
        }
    }

    @Override
    public void suspendReading() {
        readingSuspended = true;
    }

    @Override
    public void resumeReading() {
        readingSuspended = false;
    }

    @Override
    public void forceClose(AmqpError error) {
        loop.execute(() -> {
            if (!gone) {
                forcedToClose = error;
                drop();
            }
        });
    }
}
