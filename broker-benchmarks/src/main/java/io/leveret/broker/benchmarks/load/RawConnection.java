package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One AMQP 0-9-1 connection of the generator. It opens no channel by itself.
 *
 * <p>Owned by one event loop; the methods say which may be called from elsewhere. Any close by the server, of the
 * connection or of a channel, ends the connection and fails everything that waits for it: load never breaks a rule, so
 * either the generator or the broker is wrong then.
 */
public final class RawConnection {
    /** How long {@link #await} waits for an answer. A busy broker may take long to get to it. */
    private static final long PATIENCE_SECONDS = 120;

    private static final int RECEIVE_BYTES = 128 * 1024;
    private static final int LOW_WATER_BYTES = 128 * 1024;
    private static final int HIGH_WATER_BYTES = 256 * 1024;

    private final AmqpUri uri;
    private final ContentListener listener;
    private final CompletableFuture<RawConnection> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Queue<CompletableFuture<Reply>> calls = new ArrayDeque<>();
    private final Channel channel;
    private int frameMax;
    private boolean closing;

    private RawConnection(AmqpUri uri, ContentListener listener, Channel channel) {
        this.uri = uri;
        this.listener = listener;
        this.channel = channel;
    }

    /** Connects and logs in; the future fails with the server's words when it refuses. Any thread. */
    public static CompletableFuture<RawConnection> open(Loops loops, AmqpUri uri, ContentListener listener) {
        CompletableFuture<RawConnection> result = new CompletableFuture<>();
        loops.bootstrap()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                .handler(new Opener(uri, listener, result))
                .connect(uri.host(), uri.port())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        result.completeExceptionally(connected.cause());
                    }
                });
        return result;
    }

    /** Waits for an answer, at most two minutes. Not for event loops. */
    public static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof TimeoutException) {
                throw new IOException("no answer within " + PATIENCE_SECONDS + " s", cause);
            }
            throw new IOException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /** The largest frame either side may send. */
    public int frameMax() {
        return frameMax;
    }

    /** The socket: for its loop, its writability, and to stop reading. */
    public Channel channel() {
        return channel;
    }

    /** Completes when the connection is gone, exceptionally when not by {@link #close}. */
    public CompletableFuture<Void> closed() {
        return closed;
    }

    /** Sends frames that no reply comes to. Any thread. */
    public void send(Consumer<ByteBuf> frames) {
        ByteBuf out = channel.alloc().directBuffer();
        frames.accept(out);
        channel.writeAndFlush(out, channel.voidPromise());
    }

    /** Sends frames, the last of which, and only that, is answered. Replies come in the order of the calls. Any thread. */
    public CompletableFuture<Reply> call(Consumer<ByteBuf> frames) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ByteBuf out = channel.alloc().directBuffer();
        frames.accept(out);
        channel.eventLoop().execute(() -> {
            if (closed.isDone()) {
                out.release();
                closed.whenComplete((nothing, cause) -> reply.completeExceptionally(
                        cause == null ? new IOException("the connection is closed") : cause));
                return;
            }
            calls.add(reply);
            channel.writeAndFlush(out, channel.voidPromise());
        });
        return reply;
    }

    /** {@link #call} and wait for the reply. Not for event loops. */
    public Reply ask(Consumer<ByteBuf> frames) throws IOException, InterruptedException {
        return await(call(frames));
    }

    /** Says goodbye; the future completes when the socket is closed. Any thread. */
    public CompletableFuture<Void> close() {
        channel.eventLoop().execute(() -> {
            closing = true;
            send(Frames::connectionClose);
        });
        return closed;
    }

    private void fail(Throwable cause) {
        opened.completeExceptionally(cause);
        closed.completeExceptionally(cause);
        calls.forEach(call -> call.completeExceptionally(cause));
        calls.clear();
        channel.close();
    }

    private void onInactive() {
        if (closing) {
            calls.forEach(call -> call.completeExceptionally(new IOException("the connection was closed")));
            calls.clear();
            closed.complete(null);
        } else {
            fail(new IOException("the server closed the socket of " + uri));
        }
    }

    private void onTune(ByteBuf in, int index) {
        int channelMax = in.getUnsignedShort(index);
        int proposed = in.getInt(index + 2);
        frameMax = proposed == 0 ? 128 * 1024 : proposed;
        send(out -> {
            Frames.tuneOk(out, channelMax, frameMax);
            Frames.connectionOpen(out, uri.vhost());
        });
    }

    private void onReply(int method, ByteBuf in, int index) {
        CompletableFuture<Reply> call = calls.poll();
        if (call == null) {
            throw new IllegalStateException("the server sent " + Methods.name(method) + " that nobody asked for");
        }
        long messageCount = 0;
        if (method == Methods.QUEUE_DECLARE_OK) {
            messageCount = in.getUnsignedInt(index + 1 + in.getUnsignedByte(index));
        }
        call.complete(new Reply(method, messageCount));
    }

    private void onClosedByServer(String what, ByteBuf in, int index) {
        int code = in.getUnsignedShort(index);
        int length = in.getUnsignedByte(index + 2);
        String text = in.toString(index + 3, length, StandardCharsets.UTF_8);
        if (!closing) {
            fail(new IOException("the server closed the " + what + ": " + code + " " + text));
        }
    }

    /** Makes the connection once there is a socket. */
    private static final class Opener extends ChannelInboundHandlerAdapter {
        private final AmqpUri uri;
        private final ContentListener listener;
        private final CompletableFuture<RawConnection> result;

        Opener(AmqpUri uri, ContentListener listener, CompletableFuture<RawConnection> result) {
            this.uri = uri;
            this.listener = listener;
            this.result = result;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            RawConnection connection = new RawConnection(uri, listener, ctx.channel());
            connection.opened.whenComplete((open, cause) -> {
                if (cause == null) {
                    result.complete(open);
                } else {
                    result.completeExceptionally(cause);
                }
            });
            ctx.pipeline().replace(this, "connection", connection.new Inbound());
            connection.send(Frames::protocolHeader);
        }
    }

    /** Takes the events of the socket and the frames found in them. */
    private final class Inbound extends ChannelInboundHandlerAdapter implements FrameHandler {
        private final FrameParser parser = new FrameParser(this);

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                parser.feed((ByteBuf) message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            listener.onReadComplete();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (channel.isWritable()) {
                listener.onWritable();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            onInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (closing) {
                // Acks that were not flushed yet when the server's close-ok came.
                channel.close();
            } else {
                fail(cause);
            }
        }

        @Override
        public void onMethod(int channelNumber, int method, ByteBuf in, int index) {
            switch (method) {
                case Methods.BASIC_DELIVER -> listener.onDeliver(in, index);
                case Methods.BASIC_ACK -> listener.onConfirm(in.getLong(index), in.getByte(index + 8) != 0, false);
                case Methods.BASIC_NACK ->
                    listener.onConfirm(in.getLong(index), (in.getByte(index + 8) & 1) != 0, true);
                case Methods.BASIC_RETURN -> listener.onReturn();
                case Methods.BASIC_CANCEL -> fail(new IOException("the server cancelled a consumer"));
                case Methods.CONNECTION_START -> send(out -> Frames.startOk(out, uri));
                case Methods.CONNECTION_TUNE -> onTune(in, index);
                case Methods.CONNECTION_OPEN_OK -> opened.complete(RawConnection.this);
                case Methods.CONNECTION_CLOSE -> {
                    send(Frames::connectionCloseOk);
                    onClosedByServer("connection", in, index);
                }
                case Methods.CONNECTION_CLOSE_OK -> channel.close();
                case Methods.CHANNEL_CLOSE -> onClosedByServer("channel", in, index);
                case Methods.CONNECTION_BLOCKED, Methods.CONNECTION_UNBLOCKED -> {}
                default -> onReply(method, in, index);
            }
        }

        @Override
        public void onHeader(int channelNumber, long bodySize) {
            listener.onHeader(bodySize);
        }

        @Override
        public void onBody(int channelNumber, ByteBuf in, int index, int length) {
            listener.onBody(in, index, length);
        }
    }
}
