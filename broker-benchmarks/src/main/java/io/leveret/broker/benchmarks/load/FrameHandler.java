package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;

/** What a {@link FrameParser} found. The buffer is only valid during the call and its indices must be left alone. */
interface FrameHandler {

    /** A method; its arguments begin at {@code index}. */
    void onMethod(int channel, int method, ByteBuf in, int index);

    /** A content header of a body of this many bytes. */
    void onHeader(int channel, long bodySize);

    /** A piece of a body. */
    void onBody(int channel, ByteBuf in, int index, int length);
}
