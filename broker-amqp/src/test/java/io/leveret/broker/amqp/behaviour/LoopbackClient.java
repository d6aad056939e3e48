package io.leveret.broker.amqp.behaviour;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * A client of a broker on this machine: guest on {@code /}, without recovery, and patient. The Java client gives up a
 * handshake when one of its steps takes 5 seconds, which happens while everything else on the machine starts too.
 */
public final class LoopbackClient {
    /** In which a handshake is over however busy the machine is, in milliseconds. */
    public static final int PATIENT_HANDSHAKE_MILLIS = 120_000;

    private LoopbackClient() {}

    /** A new factory of connections to that port; yours to change. */
    public static ConnectionFactory factory(int port) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHandshakeTimeout(PATIENT_HANDSHAKE_MILLIS);
        return factory;
    }

    /**
     * Has the connections of that factory read by Netty.
     *
     * @return the factory's settings of that, yours to change, but for the channel customizer
     */
    public static ConnectionFactory.NettyConfiguration onNetty(ConnectionFactory factory) {
        return factory.netty().channelCustomizer(channel -> {
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addBefore(pipeline.lastContext().name(), null, new LateFirstFrame());
        });
    }

    public static Connection connect(int port) throws IOException, TimeoutException {
        return factory(port).newConnection();
    }
}
