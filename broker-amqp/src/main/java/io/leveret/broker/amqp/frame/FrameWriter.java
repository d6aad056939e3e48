package io.leveret.broker.amqp.frame;

import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.BasicDeliver;
import io.leveret.broker.message.Message;
import io.netty.buffer.ByteBuf;

/** Writes frames. Each method makes room itself; nothing is kept. */
public final class FrameWriter {
    private static final int CONTENT_CLASS = 60;
    private static final int HEADER_FIXED = 12;

    private FrameWriter() {}

    /** A method frame. */
    public static void method(ByteBuf out, int channel, AmqpMethod method) {
        out.writeByte(FrameType.METHOD).writeShort(channel);
        int sizeAt = out.writerIndex();
        out.writeInt(0).writeInt(method.id());
        method.writeTo(out);
        out.setInt(sizeAt, out.writerIndex() - sizeAt - Integer.BYTES);
        out.writeByte(FrameType.END);
    }

    public static void heartbeat(ByteBuf out) {
        out.writeByte(FrameType.HEARTBEAT).writeShort(0).writeInt(0).writeByte(FrameType.END);
    }

    /** How many octets {@link #deliver} takes. */
    public static int deliverLength(byte[] consumerTag, Message message) {
        return FrameType.OVERHEAD + 4 + consumerTag.length + 9 + message.propertiesOffset();
    }

    /**
     * A {@code basic.deliver} without its content.
     *
     * @param consumerTag the tag as {@code shortstr}, length octet first
     */
    public static void deliver(
            ByteBuf out, int channel, byte[] consumerTag, long deliveryTag, boolean redelivered, Message message) {
        out.writeByte(FrameType.METHOD)
                .writeShort(channel)
                .writeInt(4 + consumerTag.length + 9 + message.propertiesOffset())
                .writeInt(BasicDeliver.ID)
                .writeBytes(consumerTag)
                .writeLong(deliveryTag)
                .writeByte(redelivered ? 1 : 0)
                .writeBytes(message.data(), 0, message.propertiesOffset())
                .writeByte(FrameType.END);
    }

    /** How many octets {@link #header} takes. */
    public static int headerLength(Message message) {
        return FrameType.OVERHEAD + HEADER_FIXED + message.propertiesLength();
    }

    /** The content header frame of a message. */
    public static void header(ByteBuf out, int channel, Message message) {
        out.writeByte(FrameType.HEADER)
                .writeShort(channel)
                .writeInt(HEADER_FIXED + message.propertiesLength())
                .writeInt(CONTENT_CLASS << 16)
                .writeLong(message.bodyLength())
                .writeBytes(message.data(), message.propertiesOffset(), message.propertiesLength())
                .writeByte(FrameType.END);
    }

    /** What precedes the payload of a body frame. */
    public static void bodyStart(ByteBuf out, int channel, int length) {
        out.writeByte(FrameType.BODY).writeShort(channel).writeInt(length);
    }
}
