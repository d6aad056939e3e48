package io.leveret.broker.amqp.raw;

import java.util.HexFormat;

/** A frame as it came over the wire. */
public record RawFrame(int type, int channel, byte[] payload) {
    public static final int METHOD = 1;
    public static final int HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;
    public static final int END = 0xCE;

    /** The bytes of a frame with an end octet of one's choice. */
    public static byte[] encode(int type, int channel, byte[] payload, int end) {
        return Wire.wire()
                .octet(type)
                .shortUint(channel)
                .longStr(payload)
                .octet(end)
                .toBytes();
    }

    public static byte[] encode(int type, int channel, byte[] payload) {
        return encode(type, channel, payload, END);
    }

    public static byte[] encodeMethod(int channel, MethodId method, Wire arguments) {
        byte[] payload = Wire.wire()
                .shortUint(method.classId())
                .shortUint(method.methodId())
                .bytes(arguments.toBytes())
                .toBytes();
        return encode(METHOD, channel, payload);
    }

    public boolean isMethod(MethodId method) {
        return type == METHOD && method.equals(methodId());
    }

    public MethodId methodId() {
        WireReader in = new WireReader(payload, 0);
        return new MethodId(in.shortUint(), in.shortUint());
    }

    /** The arguments of a method frame. */
    public WireReader arguments() {
        return new WireReader(payload, 4);
    }

    @Override
    public String toString() {
        if (isMethod(MethodId.CHANNEL_CLOSE) || isMethod(MethodId.CONNECTION_CLOSE)) {
            return "channel " + channel + ": " + methodId() + " " + CloseReason.read(arguments());
        }
        String what = type == METHOD ? "method " + methodId() : "type " + type;
        return "channel " + channel + ": " + what + " " + HexFormat.of().formatHex(payload);
    }
}
