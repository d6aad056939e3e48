package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;

/**
 * What a connection is told besides the replies to its calls. All calls come on the connection's event loop; buffers are
 * only valid during the call and their indices must be left alone.
 */
public interface ContentListener {

    /** Hears nothing. */
    ContentListener NONE = new ContentListener() {};

    /** A basic.deliver whose arguments (consumer tag, delivery tag, ...) begin at {@code index}. */
    default void onDeliver(ByteBuf in, int index) {}

    /** A message came back as unroutable. Its content follows. */
    default void onReturn() {}

    /** The content header of a delivered or returned message. */
    default void onHeader(long bodySize) {}

    /** A piece of the body of a delivered or returned message. */
    default void onBody(ByteBuf in, int index, int length) {}

    /** A publisher confirm, positive or ({@code nack}) negative. */
    default void onConfirm(long deliveryTag, boolean multiple, boolean nack) {}

    /** All that one turn of reading brought has been handed over. */
    default void onReadComplete() {}

    /** Written bytes have left and there is room for more. */
    default void onWritable() {}
}
