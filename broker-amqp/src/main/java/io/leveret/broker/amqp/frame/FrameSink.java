package io.leveret.broker.amqp.frame;

import io.netty.buffer.ByteBuf;

/**
 * Takes what a {@link FrameDecoder} finds. Buffers stay the decoder's: whoever is called reads exactly the bytes it is told
 * about, or leaves the reader index alone, and keeps none.
 */
public interface FrameSink {

    /** The eight bytes a connection begins with. */
    void onProtocolHeader(long header);

    /** A whole method frame, its end octet checked. */
    void onMethod(int channel, ByteBuf in, int length);

    /** A whole content header frame, its end octet checked. */
    void onHeader(int channel, ByteBuf in, int length);

    /** A body frame begins; its bytes, of which {@code in} has the first that are here, come in pieces as they arrive. */
    void onBodyStart(int channel, ByteBuf in, int length);

    /** The next bytes of the body frame that began last; all of {@code length} are to be read. */
    void onBodyPart(int channel, ByteBuf in, int length);

    /** The body frame is complete and its end octet checked. */
    void onBodyEnd(int channel);

    void onHeartbeat(int channel);

    /** Whether the decoder is to stop before the next frame. */
    boolean isPaused();
}
