package io.leveret.broker.amqp.raw;

/** The arguments of channel.close and connection.close. */
public record CloseReason(int replyCode, String replyText, MethodId cause) {
    public static CloseReason read(WireReader in) {
        return new CloseReason(in.shortUint(), in.shortStr(), new MethodId(in.shortUint(), in.shortUint()));
    }

    /** What a client sends that has no complaint. */
    public static Wire normal() {
        return Wire.wire().shortUint(200).shortStr("bye").shortUint(0).shortUint(0);
    }
}
