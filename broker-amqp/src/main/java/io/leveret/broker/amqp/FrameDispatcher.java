package io.leveret.broker.amqp;

import io.leveret.broker.amqp.frame.ErlangBinary;
import io.leveret.broker.amqp.frame.FrameSink;
import io.leveret.broker.amqp.frame.FrameType;
import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.AmqpMethods;
import io.leveret.broker.amqp.method.BasicPublish;
import io.leveret.broker.amqp.method.ChannelOpen;
import io.leveret.broker.amqp.method.ChannelOpenOk;
import io.leveret.broker.channel.ClientConnection;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives each frame of a connection to whom it is for: channel 0 to the connection, others to their channel, which it opens.
 * Owned by the connection's loop.
 */
final class FrameDispatcher implements FrameSink {
    private static final int SHOWN_OCTETS = 16;

    private final AmqpConnection connection;
    private final int maxMessageSize;
    private final IntObjectHashMap<AmqpChannel> channels = new IntObjectHashMap<>();
    private @Nullable AmqpChannel lastChannel;
    private int channelMax;

    FrameDispatcher(AmqpConnection connection, int maxMessageSize) {
        this.connection = connection;
        this.maxMessageSize = maxMessageSize;
    }

    /** Sets how many channels may be open, 0 for any number. */
    void channelMax(int negotiated) {
        channelMax = negotiated;
    }

    /** Lets go of all channels. */
    void clear() {
        channels.values().forEach(AmqpChannel::discardContent);
        channels.clear();
        lastChannel = null;
    }

    void forget(AmqpChannel channel) {
        channel.discardContent();
        channels.remove(channel.number());
        if (lastChannel == channel) {
            lastChannel = null;
        }
    }

    @Override
    public boolean isPaused() {
        return connection.isSuspended();
    }

    @Override
    public void onProtocolHeader(long header) {
        connection.onProtocolHeader(header);
    }

    @Override
    public void onMethod(int number, ByteBuf in, int length) {
        int id = 0;
        try {
            id = in.readInt();
            if (number == 0) {
                connection.onMethod(id, in.slice(in.readerIndex(), length - Integer.BYTES));
                return;
            }
            AmqpChannel channel = channel(number);
            if (id == BasicPublish.ID && channel != null) {
                channel.onPublish(in, length - Integer.BYTES);
            } else {
                onChannelMethod(number, channel, id, in.slice(in.readerIndex(), length - Integer.BYTES));
            }
        } catch (RuntimeException e) {
            connection.onViolation(e, number, id);
        }
    }

    /** The channel of that number; null when it is not open. */
    @Nullable AmqpChannel channel(int number) {
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
        if (!connection.isAlive()) {
            return;
        }
        ClientConnection open = connection.client();
        if (open == null) {
            throw unexpectedFrame(FrameType.METHOD, idAndArguments(id, arguments));
        }
        if (channel != null) {
            channel.onMethod(id, arguments);
            return;
        }
        if (readOnChannel(id, arguments) == null) {
            connection.giveUp("unknown method " + (id >>> 16) + "." + (id & 0xFFFF));
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
        channels.put(number, new AmqpChannel(connection, open, number, maxMessageSize));
        connection.send(number, new ChannelOpenOk());
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
        boolean published = false;
        try {
            if (connection.isAlive()) {
                AmqpChannel channel = contentChannel(number, FrameType.HEADER, in, length);
                published = true;
                channel.onHeader(in, length);
            }
        } catch (RuntimeException e) {
            connection.onViolation(e, number, BasicPublish.ID);
        }
        if (published) {
            connection.onContentFrame();
        }
    }

    @Override
    public void onBodyStart(int number, ByteBuf in, int length) {
        try {
            if (connection.isAlive()) {
                contentChannel(number, FrameType.BODY, in, Math.min(length, in.readableBytes()))
                        .onBodyStart(length);
            }
        } catch (RuntimeException e) {
            connection.onViolation(e, number, BasicPublish.ID);
        }
    }

    @Override
    public void onBodyPart(int number, ByteBuf in, int length) {
        AmqpChannel channel = number == 0 ? null : channel(number);
        if (connection.isAlive() && channel != null) {
            channel.onBodyPart(in, length);
        } else {
            in.skipBytes(length);
        }
    }

    @Override
    public void onBodyEnd(int number) {
        boolean published = false;
        try {
            AmqpChannel channel = number == 0 ? null : channel(number);
            if (connection.isAlive() && channel != null) {
                published = true;
                channel.onBodyEnd();
            }
        } catch (RuntimeException e) {
            connection.onViolation(e, number, BasicPublish.ID);
        }
        if (published) {
            connection.onContentFrame();
        }
    }

    private AmqpChannel contentChannel(int number, int frameType, ByteBuf in, int length) {
        AmqpChannel channel = number == 0 ? null : channel(number);
        if (channel != null) {
            return channel;
        }
        if (number == 0 || connection.client() == null) {
            throw unexpectedFrame(frameType, ByteBufUtil.getBytes(in, in.readerIndex(), length));
        }
        throw AmqpError.of(ReplyCode.UNEXPECTED_FRAME, "expected method frame, got non method frame instead")
                .causedBy(AmqpError.NO_METHOD);
    }

    @Override
    public void onHeartbeat(int number) {
        if (number != 0) {
            connection.onViolation(unexpectedFrame(FrameType.HEARTBEAT, new byte[0]), 0, 0);
        }
    }
}
