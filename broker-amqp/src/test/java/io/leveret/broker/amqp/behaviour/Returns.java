package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The messages the broker returned on a channel. */
public final class Returns {
    private final BlockingQueue<Return> arrived = new LinkedBlockingQueue<>();

    private Returns() {}

    public static Returns of(Channel channel) {
        Returns returns = new Returns();
        channel.addReturnListener(returns.arrived::add);
        return returns;
    }

    /** The next returned message, waited for. */
    public Return next() {
        Return message = poll(5_000);
        return message != null ? message : fail("nothing was returned");
    }

    /** Nothing is returned for a while. */
    public void assertNoMore() {
        assertThat(poll(100)).as("returned message").isNull();
    }

    private Return poll(long millis) {
        try {
            return arrived.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
