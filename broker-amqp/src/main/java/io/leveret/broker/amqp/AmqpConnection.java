package io.leveret.broker.amqp;

import io.leveret.broker.amqp.frame.ErlangBinary;
import io.leveret.broker.amqp.frame.FrameDecoder;
import io.leveret.broker.amqp.frame.FrameSink;
import io.leveret.broker.amqp.frame.FrameType;
import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.AmqpMethods;
import io.leveret.broker.amqp.method.BasicPublish;
import io.leveret.broker.amqp.method.ChannelOpen;
import io.leveret.broker.amqp.method.ChannelOpenOk;
import io.leveret.broker.amqp.method.ConnectionClose;
import io.leveret.broker.amqp.method.ConnectionCloseOk;
import io.leveret.broker.amqp.method.ConnectionUpdateSecret;
import io.leveret.broker.amqp.method.ConnectionUpdateSecretOk;
import io.leveret.broker.amqp.method.MethodFormatException;
import io.leveret.broker.amqp.method.TableFormatException;
import io.leveret.broker.auth.User;
import io.leveret.broker.channel.ClientConnection;
import io.leveret.broker.channel.ConnectionOutput;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.MalformedPropertiesException;
import io.leveret.broker.message.MalformedTableException;
import io.leveret.broker.vhost.VirtualHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One AMQP 0-9-1 connection: takes frames apart, gives methods to the handshake or to channels, and is the one place where
 * an {@link AmqpError} becomes a close.
 *
 * <p>Owned by the event loop that accepted it; every method runs there unless it says otherwise. While a request waits for
 * its answer the connection decodes nothing, so requests are answered in order.
 */
final class AmqpConnection extends ChannelInboundHandlerAdapter implements FrameSink, ConnectionOutput {
    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);
    private static final int MAX_CLOSE_SECONDS = 30;
    private static final int SHOWN_OCTETS = 16;

    private final ServerContext server;
    private final NettyEventLoop loop;
    private final SocketChannel socket;
    private final FrameOutput output;
    private final FrameDecoder decoder;
    private final Handshake handshake;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>(2);
    private final IntObjectHashMap<AmqpChannel> channels = new IntObjectHashMap<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private ConnectionState state = ConnectionState.PROTOCOL_HEADER;
    private @Nullable ClientConnection client;
    private @Nullable Heartbeat heartbeat;
    private @Nullable AmqpChannel lastChannel;
    private int channelMax;
    private int heartbeatSeconds;
    private int pauses;
    private boolean reading;
    private boolean decoding;
    private boolean flushQueued;
    private boolean heard;
    private boolean outputFull;

    AmqpConnection(ServerContext server, SocketChannel socket) {
        this.server = server;
        this.socket = socket;
        this.loop = server.loops().of(socket.eventLoop());
        this.output = new FrameOutput(socket, this::onOutputFull);
        this.decoder = new FrameDecoder(this, AmqpServerConfig.FRAME_MIN_SIZE);
        this.handshake = new Handshake(this, server, peer(socket));
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
        unread.add((ByteBuf) message);
        decodeUnread();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        endTurn();
    }

    private void decodeUnread() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            ByteBuf in;
            while (!isPaused() && (in = unread.peek()) != null) {
                decoder.decode(in);
                if (!in.isReadable()) {
                    unread.remove();
                    in.release();
                }
            }
        } catch (AmqpError error) {
            onFramingError(error);
        } finally {
            decoding = false;
        }
        if (state == ConnectionState.GONE) {
            dropUnread();
        }
    }

    private void dropUnread() {
        ByteBuf in;
        while ((in = unread.poll()) != null) {
            in.release();
        }
        decoder.release();
    }

    @Override
    public boolean isPaused() {
        return pauses > 0 || state == ConnectionState.GONE;
    }

    @Override
    public void suspendReading() {
        if (pauses++ == 0) {
            socket.config().setAutoRead(false);
        }
    }

    @Override
    public void resumeReading() {
        if (--pauses == 0 && state != ConnectionState.GONE) {
            decodeUnread();
            if (pauses == 0 && state != ConnectionState.GONE) {
                socket.config().setAutoRead(true);
            }
            if (!reading) {
                flushSoon();
            }
        }
    }

    // ---- frames

    @Override
    public void onProtocolHeader(long header) {
        handshake.onProtocolHeader(header);
        state = handshake.state() == ConnectionState.STARTING ? ConnectionState.STARTING : state;
    }

    @Override
    public void onMethod(int number, ByteBuf in, int length) {
        int id = 0;
        try {
            id = in.readInt();
            if (number == 0) {
                onConnectionMethod(id, in.slice(in.readerIndex(), length - Integer.BYTES));
                return;
            }
            AmqpChannel channel = channel(number);
            if (id == BasicPublish.ID && channel != null) {
                channel.onPublish(in, length - Integer.BYTES);
            } else {
                onChannelMethod(number, channel, id, in.slice(in.readerIndex(), length - Integer.BYTES));
            }
        } catch (RuntimeException e) {
            onViolation(e, number, id);
        }
    }

    private @Nullable AmqpChannel channel(int number) {
        AmqpChannel last = lastChannel;
        if (last != null && last.number() == number) {
            return last;
        }
        last = channels.get(number);
        if (last != null) {
            lastChannel = last;
        }
        return last;
    }

    private void onChannelMethod(int number, @Nullable AmqpChannel channel, int id, ByteBuf arguments) {
        if (!state.isAlive()) {
            return;
        }
        ClientConnection open = client;
        if (open == null) {
            throw unexpectedFrame(FrameType.METHOD, idAndArguments(id, arguments));
        }
        if (channel != null) {
            channel.onMethod(id, arguments);
            return;
        }
        if (readOnChannel(id, arguments) == null) {
            giveUp("unknown method " + (id >>> 16) + "." + (id & 0xFFFF));
            return;
        }
        if (id != ChannelOpen.ID) {
            throw AmqpError.of(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
        }
        if (channelMax != 0 && channels.size() >= channelMax) {
            throw AmqpError.notAllowed("number of channels opened (" + channels.size()
                            + ") has reached the negotiated channel_max (" + channelMax + ")")
                    .causedBy(AmqpError.NO_METHOD);
        }
        channels.put(
                number,
                new AmqpChannel(this, open, number, server.broker().config().maxMessageSize()));
        send(number, new ChannelOpenOk());
    }

    /** Decodes a method of a channel; null when there is none such. A name that is not UTF-8 is nobody's fault. */
    static @Nullable AmqpMethod readOnChannel(int id, ByteBuf arguments) {
        try {
            return AmqpMethods.read(id, arguments);
        } catch (AmqpError malformed) {
            throw malformed.causedBy(AmqpError.NO_METHOD);
        }
    }

    private static byte[] idAndArguments(int id, ByteBuf arguments) {
        return ByteBuffer.allocate(Integer.BYTES + arguments.readableBytes())
                .putInt(id)
                .put(ByteBufUtil.getBytes(arguments))
                .array();
    }

    private static AmqpError unexpectedFrame(int type, byte[] octets) {
        boolean all = octets.length <= SHOWN_OCTETS;
        byte[] shown = all ? octets : Arrays.copyOf(octets, SHOWN_OCTETS);
        return AmqpError.of(
                        ReplyCode.UNEXPECTED_FRAME,
                        "type " + type + ", " + (all ? "all" : "first " + SHOWN_OCTETS) + " octets = "
                                + ErlangBinary.of(shown))
                .causedBy(AmqpError.NO_METHOD);
    }

    @Override
    public void onHeader(int number, ByteBuf in, int length) {
        try {
            if (state.isAlive()) {
                contentChannel(number, FrameType.HEADER, in, length).onHeader(in, length);
            }
        } catch (RuntimeException e) {
            onViolation(e, number, BasicPublish.ID);
        }
    }

    @Override
    public void onBodyStart(int number, ByteBuf in, int length) {
        try {
            if (state.isAlive()) {
                contentChannel(number, FrameType.BODY, in, Math.min(length, in.readableBytes()))
                        .onBodyStart(length);
            }
        } catch (RuntimeException e) {
            onViolation(e, number, BasicPublish.ID);
        }
    }

    @Override
    public void onBodyPart(int number, ByteBuf in, int length) {
        AmqpChannel channel = number == 0 ? null : channel(number);
        if (state.isAlive() && channel != null) {
            channel.onBodyPart(in, length);
        } else {
            in.skipBytes(length);
        }
    }

    @Override
    public void onBodyEnd(int number) {
        try {
            AmqpChannel channel = number == 0 ? null : channel(number);
            if (state.isAlive() && channel != null) {
                channel.onBodyEnd();
            }
        } catch (RuntimeException e) {
            onViolation(e, number, BasicPublish.ID);
        }
    }

    private AmqpChannel contentChannel(int number, int frameType, ByteBuf in, int length) {
        AmqpChannel channel = number == 0 ? null : channel(number);
        if (channel != null) {
            return channel;
        }
        if (number == 0 || client == null) {
            throw unexpectedFrame(frameType, ByteBufUtil.getBytes(in, in.readerIndex(), length));
        }
        throw AmqpError.of(ReplyCode.UNEXPECTED_FRAME, "expected method frame, got non method frame instead")
                .causedBy(AmqpError.NO_METHOD);
    }

    @Override
    public void onHeartbeat(int number) {
        if (number != 0) {
            onViolation(unexpectedFrame(FrameType.HEARTBEAT, new byte[0]), 0, 0);
        }
    }

    // ---- channel 0

    private void onConnectionMethod(int id, ByteBuf arguments) {
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
            throw unexpectedIn(state);
        }
    }

    /** Decodes a method of channel 0; there RabbitMQ fails on what it can't decode. */
    private static @Nullable AmqpMethod readOnConnection(int id, ByteBuf arguments) {
        try {
            return AmqpMethods.read(id, arguments);
        } catch (MethodFormatException | TableFormatException malformed) {
            throw internalError();
        }
    }

    private static AmqpError internalError() {
        return AmqpError.of(ReplyCode.INTERNAL_ERROR, "").causedBy(AmqpError.NO_METHOD);
    }

    static AmqpError unexpectedIn(ConnectionState state) {
        return AmqpError.of(ReplyCode.CHANNEL_ERROR, "unexpected method in connection state " + state);
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
        channels.clear();
        lastChannel = null;
        ClientConnection open = client;
        client = null;
        return open == null ? CompletableFuture.completedFuture(null) : open.close();
    }

    void tuned(int negotiatedChannelMax, int frameMax, int negotiatedHeartbeat) {
        channelMax = negotiatedChannelMax;
        heartbeatSeconds = negotiatedHeartbeat;
        decoder.frameMax(frameMax);
        output.frameMax(frameMax);
        if (negotiatedHeartbeat > 0) {
            heartbeat = new Heartbeat(loop, this, negotiatedHeartbeat);
            heartbeat.start();
        }
    }

    void opened(VirtualHost vhost, User user) {
        client = server.broker().openConnection(loop, vhost, user, this);
        LOG.atDebug()
                .addKeyValue("connection", socket.remoteAddress())
                .addKeyValue("vhost", vhost.name())
                .addKeyValue("user", user.name())
                .log("connection open");
    }

    boolean clientWantsCancelNotification() {
        return handshake.clientCan("consumer_cancel_notify");
    }

    void refuseProtocol(long supported) {
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
        LOG.atWarn()
                .addKeyValue("connection", socket.remoteAddress())
                .addKeyValue("user", username)
                .addKeyValue("reason", reason)
                .log("login of user '{}' from {} refused: {}", username, socket.remoteAddress(), reason);
        if (told != null) {
            send(closeFor(told, AmqpError.NO_METHOD));
        }
        closeSilently();
    }

    // ---- violations

    /** The one place where an error becomes a close. */
    private void onViolation(RuntimeException thrown, int number, int methodId) {
        RuntimeException cause = unwrap(thrown);
        if (!state.isAlive() || state == ConnectionState.GONE) {
            return;
        }
        if (cause instanceof TableFormatException && number != 0) {
            giveUp("a field table that can't be decoded");
            return;
        }
        AmqpError error = asAmqpError(cause);
        if (!handshake.state().reportsErrors()) {
            LOG.atWarn()
                    .addKeyValue("connection", socket.remoteAddress())
                    .addKeyValue("reason", error.replyText())
                    .log("handshake with {} failed: {}", socket.remoteAddress(), error.replyText());
            closeSilently();
            return;
        }
        AmqpChannel channel = number == 0 ? null : channel(number);
        if (error.isHard() || channel == null) {
            LOG.atWarn()
                    .addKeyValue("connection", socket.remoteAddress())
                    .addKeyValue("reason", error.replyText())
                    .log("closing connection {}: {}", socket.remoteAddress(), error.replyText());
            sendClose(error, methodId);
            endChannels();
        } else {
            LOG.atInfo()
                    .addKeyValue("connection", socket.remoteAddress())
                    .addKeyValue("channel", number)
                    .addKeyValue("reason", error.replyText())
                    .log("closing channel {} of connection {}: {}", number, socket.remoteAddress(), error.replyText());
            channel.fail(error, methodId);
        }
    }

    private static RuntimeException unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }

    private static AmqpError asAmqpError(RuntimeException cause) {
        if (cause instanceof AmqpError error) {
            return error;
        }
        if (cause instanceof MethodFormatException) {
            return AmqpError.of(ReplyCode.FRAME_ERROR, String.valueOf(cause.getMessage()));
        }
        if (!(cause instanceof MalformedPropertiesException) && !(cause instanceof MalformedTableException)) {
            LOG.error("a request failed in a way it should not", cause);
        }
        return internalError();
    }

    private void sendClose(AmqpError error, int methodId) {
        if (client != null) {
            client.endTurn();
        }
        state = ConnectionState.CLOSED;
        send(closeFor(error, methodId));
        output.seal();
        shutSocketLater();
    }

    private static ConnectionClose closeFor(AmqpError error, int methodId) {
        int cause = error.methodId(methodId);
        return new ConnectionClose(error.replyCode().code(), error.replyText(), cause >>> 16, cause & 0xFFFF);
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
        LOG.atWarn()
                .addKeyValue("connection", socket.remoteAddress())
                .addKeyValue("reason", error.replyText())
                .log("closing connection {}: {}", socket.remoteAddress(), error.replyText());
        if (handshake.state().reportsErrors() && state.isAlive()) {
            if (client != null) {
                client.endTurn();
            }
            send(closeFor(error, AmqpError.NO_METHOD));
            output.seal();
            endChannels();
        }
        closeSilently();
    }

    private void closeSilently() {
        state = ConnectionState.CLOSED;
        suspendReading();
        output.flush();
        loop.schedule(this::shutSocket, server.config().silentCloseDelayMillis());
    }

    /** Drops the connection without a word. */
    void giveUp(String reason) {
        if (state != ConnectionState.GONE) {
            LOG.atWarn()
                    .addKeyValue("connection", socket.remoteAddress())
                    .addKeyValue("reason", reason)
                    .log("dropping connection {}: {}", socket.remoteAddress(), reason);
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
        if (!decoding) {
            dropUnread();
        }
    }

    /** Ends the connection because the broker stops: 320 with RabbitMQ's text, after what was received is answered. */
    void onShutdown() {
        if (state == ConnectionState.RUNNING && client != null) {
            suspendReading();
            client.settled().whenComplete((done, error) -> {
                if (state == ConnectionState.RUNNING) {
                    sendClose(
                            AmqpError.of(
                                    ReplyCode.CONNECTION_FORCED,
                                    "broker forced connection closure with reason 'shutdown'"),
                            0);
                    endChannels();
                }
                resumeReading();
            });
        } else if (state.isAlive()) {
            shutSocket();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = ConnectionState.GONE;
        if (!decoding) {
            dropUnread();
        }
        if (heartbeat != null) {
            heartbeat.stop();
        }
        output.close();
        endChannels().whenComplete((done, error) -> {
            server.connections().remove(this);
            gone.complete(null);
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("a connection failed in a way it should not", cause);
        }
        shutSocket();
    }

    // ---- channels and answers

    void forget(AmqpChannel channel) {
        channels.remove(channel.number());
        if (lastChannel == channel) {
            lastChannel = null;
        }
    }

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
        suspendReading();
        future.whenComplete((value, error) -> {
            proceed(future, channel, methodId, then);
            resumeReading();
        });
    }

    private <T extends @Nullable Object> void proceed(
            CompletableFuture<T> future, int channel, int methodId, Consumer<? super T> then) {
        if (state == ConnectionState.GONE) {
            return;
        }
        try {
            then.accept(future.join());
        } catch (RuntimeException e) {
            onViolation(e, channel, methodId);
        }
    }

    FrameOutput frames() {
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
        if (!outputFull && state != ConnectionState.GONE) {
            outputFull = true;
            suspendReading();
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
                if (outputFull && output.isWritable()) {
                    outputFull = false;
                    resumeReading();
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
        boolean was = heard || pauses > 0;
        heard = false;
        return was;
    }
}
