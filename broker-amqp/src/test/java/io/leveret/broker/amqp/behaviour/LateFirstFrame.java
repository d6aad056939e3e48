package io.leveret.broker.amqp.behaviour;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what comes first on a connection of a Java client that reads by Netty. Before version 5.34.0 the client sends
 * its protocol header before it is ready for the answer: one that comes at once is lost, and the handshake times out
 * [rabbitmq-java-client pull request 2017].
 */
final class LateFirstFrame extends ChannelInboundHandlerAdapter {
    private static final int DELAY_MILLIS = 20;

    private @Nullable Queue<Object> held = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held == null) {
            context.fireChannelRead(message);
            return;
        }
        if (held.isEmpty()) {
            context.executor().schedule(() -> pass(context), DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
        held.add(message);
    }

    private void pass(ChannelHandlerContext context) {
        Queue<Object> due = held;
        held = null;
        if (due != null) {
            due.forEach(context::fireChannelRead);
            context.fireChannelReadComplete();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        Queue<Object> lost = held;
        held = null;
        if (lost != null) {
            lost.forEach(ReferenceCountUtil::release);
        }
    }
}
