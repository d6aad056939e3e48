package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes the AMQP 0-9-1 frames of a client. Each method appends whole frames to the buffer it is given, which stays the
 * caller's, and returns nothing.
 */
public final class Frames {
    static final int METHOD = 1;
    static final int HEADER = 2;
    static final int BODY = 3;
    static final int HEARTBEAT = 8;
    static final int END = 0xCE;
    /** Type, channel and size before a payload. */
    static final int HEAD_BYTES = 7;
    /** What a frame has beyond its payload. */
    static final int OVERHEAD_BYTES = 8;

    private static final int PASSIVE = 1;
    private static final int DURABLE = 2;
    private static final int EXCHANGE_NOWAIT = 16;
    private static final int QUEUE_NOWAIT = 16;
    private static final int NO_ACK = 2;
    private static final int CONSUME_NOWAIT = 8;
    private static final int FLAG_DELIVERY_MODE = 1 << 12;

    private Frames() {}

    static void protocolHeader(ByteBuf out) {
        out.writeBytes(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    }

    static void startOk(ByteBuf out, AmqpUri uri) {
        int start = begin(out, 0, Methods.CONNECTION_START_OK);
        int properties = beginTable(out);
        longString(out, "product", "Leveret load generator");
        shortString(out, "capabilities");
        out.writeByte('F');
        int capabilities = beginTable(out);
        for (String name : new String[] {
            "publisher_confirms",
            "basic.nack",
            "consumer_cancel_notify",
            "connection.blocked",
            "authentication_failure_close"
        }) {
            shortString(out, name);
            out.writeByte('t').writeByte(1);
        }
        endTable(out, capabilities);
        endTable(out, properties);
        shortString(out, "PLAIN");
        byte[] response = ('\0' + uri.user() + '\0' + uri.password()).getBytes(StandardCharsets.UTF_8);
        out.writeInt(response.length).writeBytes(response);
        shortString(out, "en_US");
        end(out, start);
    }

    /** Takes the server's limits and turns heartbeats off, so that nothing but load is on the wire. */
    static void tuneOk(ByteBuf out, int channelMax, int frameMax) {
        int start = begin(out, 0, Methods.CONNECTION_TUNE_OK);
        out.writeShort(channelMax).writeInt(frameMax).writeShort(0);
        end(out, start);
    }

    static void connectionOpen(ByteBuf out, String vhost) {
        int start = begin(out, 0, Methods.CONNECTION_OPEN);
        shortString(out, vhost);
        shortString(out, "");
        out.writeByte(0);
        end(out, start);
    }

    static void connectionClose(ByteBuf out) {
        int start = begin(out, 0, Methods.CONNECTION_CLOSE);
        out.writeShort(200);
        shortString(out, "done");
        out.writeInt(0);
        end(out, start);
    }

    static void connectionCloseOk(ByteBuf out) {
        end(out, begin(out, 0, Methods.CONNECTION_CLOSE_OK));
    }

    public static void channelOpen(ByteBuf out, int channel) {
        int start = begin(out, channel, Methods.CHANNEL_OPEN);
        shortString(out, "");
        end(out, start);
    }

    public static void exchangeDeclare(
            ByteBuf out, int channel, String exchange, String type, boolean durable, boolean nowait) {
        int start = begin(out, channel, Methods.EXCHANGE_DECLARE);
        out.writeShort(0);
        shortString(out, exchange);
        shortString(out, type);
        out.writeByte((durable ? DURABLE : 0) | (nowait ? EXCHANGE_NOWAIT : 0));
        out.writeInt(0);
        end(out, start);
    }

    public static void exchangeDelete(ByteBuf out, int channel, String exchange) {
        int start = begin(out, channel, Methods.EXCHANGE_DELETE);
        out.writeShort(0);
        shortString(out, exchange);
        out.writeByte(0);
        end(out, start);
    }

    /** Declares a queue without {@code exclusive} and {@code auto-delete}; {@code arguments} take string values. */
    public static void queueDeclare(
            ByteBuf out, int channel, String queue, boolean durable, boolean nowait, Map<String, String> arguments) {
        int start = begin(out, channel, Methods.QUEUE_DECLARE);
        out.writeShort(0);
        shortString(out, queue);
        out.writeByte((durable ? DURABLE : 0) | (nowait ? QUEUE_NOWAIT : 0));
        int table = beginTable(out);
        arguments.forEach((key, value) -> longString(out, key, value));
        endTable(out, table);
        end(out, start);
    }

    /** Asks for the queue's counts without changing anything. */
    public static void queueDeclarePassive(ByteBuf out, int channel, String queue) {
        int start = begin(out, channel, Methods.QUEUE_DECLARE);
        out.writeShort(0);
        shortString(out, queue);
        out.writeByte(PASSIVE);
        out.writeInt(0);
        end(out, start);
    }

    public static void queueBind(
            ByteBuf out, int channel, String queue, String exchange, String bindingKey, boolean nowait) {
        int start = begin(out, channel, Methods.QUEUE_BIND);
        out.writeShort(0);
        shortString(out, queue);
        shortString(out, exchange);
        shortString(out, bindingKey);
        out.writeByte(nowait ? 1 : 0);
        out.writeInt(0);
        end(out, start);
    }

    public static void queueDelete(ByteBuf out, int channel, String queue, boolean nowait) {
        int start = begin(out, channel, Methods.QUEUE_DELETE);
        out.writeShort(0);
        shortString(out, queue);
        out.writeByte(nowait ? 4 : 0);
        end(out, start);
    }

    public static void qos(ByteBuf out, int channel, int prefetchCount) {
        int start = begin(out, channel, Methods.BASIC_QOS);
        out.writeInt(0).writeShort(prefetchCount).writeByte(0);
        end(out, start);
    }

    public static void consume(
            ByteBuf out, int channel, String queue, String consumerTag, boolean noAck, boolean nowait) {
        int start = begin(out, channel, Methods.BASIC_CONSUME);
        out.writeShort(0);
        shortString(out, queue);
        shortString(out, consumerTag);
        out.writeByte((noAck ? NO_ACK : 0) | (nowait ? CONSUME_NOWAIT : 0));
        out.writeInt(0);
        end(out, start);
    }

    public static void ack(ByteBuf out, int channel, long deliveryTag, boolean multiple) {
        int start = begin(out, channel, Methods.BASIC_ACK);
        out.writeLong(deliveryTag).writeByte(multiple ? 1 : 0);
        end(out, start);
    }

    public static void confirmSelect(ByteBuf out, int channel) {
        int start = begin(out, channel, Methods.CONFIRM_SELECT);
        out.writeByte(0);
        end(out, start);
    }

    /**
     * A whole publish: method, header, and the body in frames that fit {@code frameMax}.
     *
     * @return the index of the body's first byte in {@code out}, or -1 when the body is empty
     */
    public static int publish(
            ByteBuf out,
            int channel,
            String exchange,
            String routingKey,
            boolean persistent,
            byte[] body,
            int frameMax) {
        int start = begin(out, channel, Methods.BASIC_PUBLISH);
        out.writeShort(0);
        shortString(out, exchange);
        shortString(out, routingKey);
        out.writeByte(0);
        end(out, start);
        int header = beginFrame(out, HEADER, channel);
        out.writeShort(60).writeShort(0).writeLong(body.length);
        if (persistent) {
            out.writeShort(FLAG_DELIVERY_MODE).writeByte(2);
        } else {
            out.writeShort(0);
        }
        end(out, header);
        int firstByte = -1;
        int most = frameMax - OVERHEAD_BYTES;
        for (int offset = 0; offset < body.length; offset += most) {
            int length = Math.min(most, body.length - offset);
            int frame = beginFrame(out, BODY, channel);
            firstByte = firstByte < 0 ? out.writerIndex() : firstByte;
            out.writeBytes(body, offset, length);
            end(out, frame);
        }
        return firstByte;
    }

    private static int begin(ByteBuf out, int channel, int method) {
        int start = beginFrame(out, METHOD, channel);
        out.writeInt(method);
        return start;
    }

    private static int beginFrame(ByteBuf out, int type, int channel) {
        int start = out.writerIndex();
        out.writeByte(type).writeShort(channel).writeInt(0);
        return start;
    }

    private static void end(ByteBuf out, int start) {
        out.setInt(start + 3, out.writerIndex() - start - HEAD_BYTES);
        out.writeByte(END);
    }

    private static int beginTable(ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(0);
        return start;
    }

    private static void endTable(ByteBuf out, int start) {
        out.setInt(start, out.writerIndex() - start - Integer.BYTES);
    }

    private static void shortString(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 255) {
            throw new IllegalArgumentException("'" + text + "' is longer than 255 bytes");
        }
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    private static void longString(ByteBuf out, String key, String value) {
        shortString(out, key);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeByte('S').writeInt(bytes.length).writeBytes(bytes);
    }
}
