package io.leveret.broker.amqp;

import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.AmqpMethods;
import io.leveret.broker.amqp.method.ConnectionBlocked;
import io.leveret.broker.amqp.method.ConnectionClose;
import io.leveret.broker.amqp.method.ConnectionCloseOk;
import io.leveret.broker.amqp.method.ConnectionUnblocked;
import io.leveret.broker.amqp.method.ConnectionUpdateSecret;
import io.leveret.broker.amqp.method.ConnectionUpdateSecretOk;
import io.leveret.broker.amqp.method.MethodFormatException;
import io.leveret.broker.amqp.method.TableFormatException;
import io.leveret.broker.auth.User;
import io.leveret.broker.channel.ClientConnection;
import io.leveret.broker.channel.ConnectionOutput;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.AmqpErrors;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.limit.BlockedPublisher;
import io.leveret.broker.limit.LoopAlarms;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One AMQP 0-9-1 connection: takes frames apart, gives methods to the handshake or to channels, and is the one place where
 * an {@link AmqpError} becomes a close.
 *
 * <p>Owned by the event loop that accepted it; every method runs there unless it says otherwise. While a request waits for
 * its answer the connection decodes nothing, so requests are answered in order.
 */
final class AmqpConnection extends ChannelInboundHandlerAdapter implements ConnectionOutput, BlockedPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);
    private static final int MAX_CLOSE_SECONDS = 30;

    private final ServerContext server;
    private final NettyEventLoop loop;
    private final SocketChannel socket;
    private final FrameOutput output;
    private final FrameDispatcher frames;
    private final Inbound inbound;
    private final Handshake handshake;
    private final LoopAlarms alarms;
    private final ConnectionLog log;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private ConnectionState state = ConnectionState.PROTOCOL_HEADER;
    private @Nullable ClientConnection client;
    private @Nullable Heartbeat heartbeat;
    private int heartbeatSeconds;
    private boolean reading;
    private boolean flushQueued;
    private boolean heard;
    private int awaited;
    private boolean blocked;

    AmqpConnection(ServerContext server, SocketChannel socket) {
        this.server = server;
        this.socket = socket;
        this.loop = server.loops().of(socket.eventLoop());
        this.output = new FrameOutput(socket, this::onOutputFull);
        this.frames = new FrameDispatcher(this, server.broker().config().maxMessageSize());
        this.inbound = new Inbound(socket, frames, this::onFramingError);
        this.handshake = new Handshake(this, server, peer(socket));
        this.alarms = server.broker().alarms().on(loop);
        this.log = new ConnectionLog(server.broker().config().name(), socket);
    }

    private static InetAddress peer(SocketChannel socket) {
        InetSocketAddress address = socket.remoteAddress();
        return address == null ? InetAddress.getLoopbackAddress() : address.getAddress();
    }

    /** Starts the clock of the handshake. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        server.connections().add(this);
        loop.schedule(
                () -> {
                    if (!handshakeIsOver()) {
                        giveUp("handshake timed out");
                    }
                },
                server.config().handshakeTimeoutMillis());
    }

    private boolean handshakeIsOver() {
        return handshake.state() == ConnectionState.RUNNING || state.compareTo(ConnectionState.RUNNING) >= 0;
    }

    /** Completes when the connection and all that belonged to it is gone. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    NettyEventLoop loop() {
        return loop;
    }

    // ---- bytes in

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        heard = true;
        ByteBuf bytes = (ByteBuf) message;
        alarms.onRead(bytes.readableBytes());
        inbound.read(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        endTurn();
    }

    boolean isSuspended() {
        return inbound.isSuspended();
    }

    @Override
    public void suspendReading() {
        if (state == ConnectionState.RUNNING) {
            inbound.suspend(Inbound.Wait.QUEUES);
        }
    }

    @Override
    public void resumeReading() {
        resume(Inbound.Wait.QUEUES);
    }

    private void resume(Inbound.Wait reason) {
        inbound.resume(reason);
        if (!reading) {
            flushSoon();
        }
    }

    // ---- alarms

    /**
     * A content header or a body frame was taken. While an alarm is on it is the last frame for now, as in RabbitMQ: only
     * clients that publish are to be stopped, and a publish shows itself there.
     */
    void onContentFrame() {
        if (alarms.isAnyOn() && state == ConnectionState.RUNNING && !blocked) {
            blocked = true;
            alarms.block(this);
            inbound.suspend(Inbound.Wait.ALARM);
            if (handshake.clientCan("connection.blocked")) {
                send(new ConnectionBlocked(alarms.reason()));
            }
        }
    }

    @Override
    public void onAlarmsCleared() {
        blocked = false;
        if (handshake.clientCan("connection.blocked")) {
            send(new ConnectionUnblocked());
        }
        resume(Inbound.Wait.ALARM);
    }

    /** A connection that ends is not blocked: what the client says to that is to be heard. */
    private void endBlocking() {
        if (blocked) {
            blocked = false;
            alarms.forget(this);
            resume(Inbound.Wait.ALARM);
        }
    }

    /** Whether frames of the client still mean something. */
    boolean isAlive() {
        return state.isAlive();
    }

    /** The open connection in the broker; null before it is open and once it ends. */
    @Nullable ClientConnection client() {
        return client;
    }

    // ---- channel 0

    void onProtocolHeader(long header) {
        handshake.onProtocolHeader(header);
        if (handshake.state() == ConnectionState.STARTING) {
            state = ConnectionState.STARTING;
        }
    }

    /** Takes a method of channel 0. */
    void onMethod(int id, ByteBuf arguments) {
        if (state == ConnectionState.CLOSED || state == ConnectionState.CLOSING) {
            whileClosing(id);
            return;
        }
        AmqpMethod method = readOnConnection(id, arguments);
        if (method == null) {
            giveUp("unknown method " + (id >>> 16) + "." + (id & 0xFFFF));
        } else if (method instanceof ConnectionClose && state == ConnectionState.RUNNING) {
            onClose();
        } else if (state != ConnectionState.RUNNING) {
            handshake.onMethod(method);
            if (state != ConnectionState.GONE) {
                state = handshake.state();
            }
        } else if (method instanceof ConnectionUpdateSecret) {
            send(new ConnectionUpdateSecretOk());
        } else {
            throw Violations.unexpectedIn(state);
        }
    }

    /** Decodes a method of channel 0; there RabbitMQ fails on what it can't decode. */
    private static @Nullable AmqpMethod readOnConnection(int id, ByteBuf arguments) {
        try {
            return AmqpMethods.read(id, arguments);
        } catch (MethodFormatException | TableFormatException malformed) {
            throw Violations.internalError();
        }
    }

    private void whileClosing(int id) {
        if (id == ConnectionClose.ID) {
            send(new ConnectionCloseOk());
        } else if (id == ConnectionCloseOk.ID && state == ConnectionState.CLOSED) {
            shutSocket();
        } else if (!AmqpMethods.isKnown(id)) {
            giveUp("unknown method " + (id >>> 16) + "." + (id & 0xFFFF));
        }
    }

    private void onClose() {
        state = ConnectionState.CLOSING;
        endChannels().whenComplete((done, error) -> {
            state = state == ConnectionState.GONE ? state : ConnectionState.CLOSED;
            send(new ConnectionCloseOk());
            output.seal();
            shutSocketLater();
        });
    }

    private CompletableFuture<Void> endChannels() {
        frames.clear();
        ClientConnection open = client;
        if (open == null) {
            return CompletableFuture.completedFuture(null);
        }
        log.closed(open.user().name());
        client = null;
        return open.close();
    }

    void tuned(int negotiatedChannelMax, int frameMax, int negotiatedHeartbeat) {
        heartbeatSeconds = negotiatedHeartbeat;
        frames.channelMax(negotiatedChannelMax);
        inbound.frameMax(frameMax);
        output.frameMax(frameMax);
        if (negotiatedHeartbeat > 0) {
            heartbeat = new Heartbeat(loop, this, negotiatedHeartbeat);
            heartbeat.start();
        }
    }

    void open(String vhost, User user) {
        client = server.broker().openConnection(server.loops().all().get(loop.index()), vhost, user, this);
        log.opened(user.name(), vhost);
    }

    boolean clientWantsCancelNotification() {
        return handshake.clientCan("consumer_cancel_notify");
    }

    /** @param reason what was received instead of a header */
    void refuseProtocol(long supported, String reason) {
        log.closing(Level.WARN, reason);
        state = ConnectionState.CLOSED;
        output.bytes(supported);
        output.flush();
        shutSocket();
    }

    /**
     * Ends a failed login: with a close if the client understands it, otherwise without a word and after a delay.
     *
     * @param told what to tell the client; null for nothing
     */
    void refuseLogin(String username, String reason, @Nullable AmqpError told) {
        log.loginRefused(username, reason);
        if (told != null) {
            send(Violations.closeFor(told, AmqpError.NO_METHOD));
        }
        closeSilently();
    }

    // ---- violations

    /** The one place where an error becomes a close. */
    void onViolation(RuntimeException thrown, int number, int methodId) {
        RuntimeException cause = AmqpErrors.unwrap(thrown);
        if (!state.isAlive() || state == ConnectionState.GONE) {
            return;
        }
        if (cause instanceof TableFormatException && number != 0) {
            giveUp("a field table that can't be decoded");
            return;
        }
        AmqpError error = Violations.asAmqpError(cause);
        if (!handshake.state().reportsErrors()) {
            log.handshakeFailed(error);
            closeSilently();
            return;
        }
        AmqpChannel channel = number == 0 ? null : frames.channel(number);
        if (error.isHard() || channel == null) {
            log.closing(Level.WARN, error.replyText());
            sendClose(error, methodId);
            endChannels();
        } else {
            log.closingChannel(number, error);
            channel.fail(error, methodId);
        }
    }

    private void sendClose(AmqpError error, int methodId) {
        if (client != null) {
            client.endTurn();
        }
        state = ConnectionState.CLOSED;
        send(Violations.closeFor(error, methodId));
        output.seal();
        shutSocketLater();
        endBlocking();
        resume(Inbound.Wait.QUEUES);
    }

    /** Gives the client as long as RabbitMQ does to answer the close, or to go. */
    private void shutSocketLater() {
        int seconds = heartbeatSeconds == 0 ? MAX_CLOSE_SECONDS : Math.min(heartbeatSeconds, MAX_CLOSE_SECONDS);
        loop.schedule(this::shutSocket, TimeUnit.SECONDS.toMillis(seconds));
    }

    /** After an error in the framing itself nothing that follows can be understood. */
    private void onFramingError(AmqpError error) {
        if (state == ConnectionState.GONE) {
            return;
        }
        log.closing(Level.WARN, error.replyText());
        if (handshake.state().reportsErrors() && state.isAlive()) {
            if (client != null) {
                client.endTurn();
            }
            send(Violations.closeFor(error, AmqpError.NO_METHOD));
            output.seal();
            endChannels();
        }
        closeSilently();
    }

    private void closeSilently() {
        state = ConnectionState.CLOSED;
        inbound.suspend(Inbound.Wait.END);
        output.flush();
        loop.schedule(this::shutSocket, server.config().silentCloseDelayMillis());
    }

    /** Drops the connection without a word. */
    void giveUp(String reason) {
        if (state != ConnectionState.GONE) {
            log.dropping(reason);
            shutSocket();
        }
    }

    private void shutSocket() {
        if (state == ConnectionState.GONE) {
            return;
        }
        state = ConnectionState.GONE;
        output.flush();
        socket.close();
        inbound.close();
    }

    /** Ends the connection because the broker stops: 320 with RabbitMQ's text, after what was received is answered. */
    void onShutdown() {
        if (state == ConnectionState.RUNNING && client != null) {
            inbound.suspend(Inbound.Wait.SHUTDOWN);
            client.settled().whenComplete((done, error) -> {
                if (state == ConnectionState.RUNNING) {
                    sendClose(
                            AmqpError.of(
                                    ReplyCode.CONNECTION_FORCED,
                                    "broker forced connection closure with reason 'shutdown'"),
                            0);
                    endChannels();
                }
                resume(Inbound.Wait.SHUTDOWN);
            });
        } else if (state.isAlive()) {
            shutSocket();
        }
    }

    @Override
    public void forceClose(AmqpError error) {
        loop.execute(() -> {
            if (state == ConnectionState.RUNNING) {
                log.closing(Level.INFO, error.replyText());
                sendClose(error, AmqpError.NO_METHOD);
                endChannels();
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = ConnectionState.GONE;
        inbound.close();
        endBlocking();
        if (heartbeat != null) {
            heartbeat.stop();
        }
        output.close();
        endChannels().whenComplete((done, error) -> {
            server.connections().remove(this);
            gone.complete(null);
        });
    }

    /** How TLS begins and ends; nothing of that happens to a plain connection. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshakeOfTls && !handshakeOfTls.isSuccess()) {
            onTlsFailure(handshakeOfTls.cause());
        } else if (event instanceof SslCloseCompletionEvent) {
            shutSocket();
        }
    }

    /** A peer that goes without a word, as one that only looks whether somebody listens, is not worth a line. */
    private void onTlsFailure(Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            shutSocket();
        } else if (cause instanceof NotSslRecordException) {
            // whose message has all that was received
            giveUp("a client without TLS on the port with TLS; it has to connect to the other port");
        } else {
            giveUp("TLS failed: " + cause.getMessage());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException broken) {
            onTlsFailure(broken);
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.error("a connection failed in a way it should not", cause);
        }
        shutSocket();
    }

    // ---- channels and answers

    /**
     * Goes on with a request when its answer is there, and takes no further frame until then.
     *
     * @param future completes on this loop
     */
    <T extends @Nullable Object> void await(
            CompletableFuture<T> future, int channel, int methodId, Consumer<? super T> then) {
        if (future.isDone()) {
            proceed(future, channel, methodId, then);
            return;
        }
        awaited++;
        inbound.suspend(Inbound.Wait.ANSWER);
        future.whenComplete((value, error) -> {
            proceed(future, channel, methodId, then);
            if (--awaited == 0) {
                resume(Inbound.Wait.ANSWER);
            }
        });
    }

    private <T extends @Nullable Object> void proceed(
            CompletableFuture<T> future, int channel, int methodId, Consumer<? super T> then) {
        if (state == ConnectionState.GONE || hasFailed(channel)) {
            return;
        }
        try {
            then.accept(future.join());
        } catch (RuntimeException e) {
            onViolation(e, channel, methodId);
        }
    }

    /** Whether a channel was closed, for a reason of its own, while its request was carried out. */
    private boolean hasFailed(int number) {
        AmqpChannel channel = number == 0 ? null : frames.channel(number);
        return channel != null && channel.hasFailed();
    }

    void forget(AmqpChannel channel) {
        frames.forget(channel);
    }

    FrameOutput output() {
        return output;
    }

    void send(AmqpMethod method) {
        send(0, method);
    }

    void send(int channel, AmqpMethod method) {
        output.method(channel, method);
        flushSoon();
    }

    @Override
    public String name() {
        return endpoint(socket.remoteAddress()) + " -> " + endpoint(socket.localAddress());
    }

    private static String endpoint(@Nullable InetSocketAddress address) {
        if (address == null) {
            return "unknown";
        }
        String host = NetUtil.toAddressString(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    @Override
    public boolean isWritable() {
        return output.isWritable();
    }

    @Override
    public void flushSoon() {
        if (!flushQueued) {
            flushQueued = true;
            if (!reading) {
                loop.execute(this::endTurn);
            }
        }
    }

    private void endTurn() {
        if (client != null) {
            client.endTurn();
        }
        flushQueued = false;
        output.flush();
    }

    /** Takes no more requests from a client that does not read the answers. */
    private void onOutputFull() {
        if (state != ConnectionState.GONE) {
            inbound.suspend(Inbound.Wait.CLIENT);
        }
    }

    /** Goes on with deliveries later: the change may come from the middle of writing a message. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (output.isWritable()) {
            loop.execute(() -> {
                if (client != null) {
                    client.onWritable();
                }
                if (output.isWritable()) {
                    resume(Inbound.Wait.CLIENT);
                }
            });
        }
    }

    void sendHeartbeatIfSilent() {
        if (!output.pollWrote()) {
            output.heartbeat();
            output.pollWrote();
            output.flush();
        }
    }

    /** Whether the peer sent anything since this was asked last; while nothing is read it can't be heard. */
    boolean heardFromPeer() {
        boolean was = heard || inbound.isSuspended();
        heard = false;
        return was;
    }
}
