package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A consumer that keeps what it is given until the test asks for it. */
public final class Deliveries extends DefaultConsumer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofMillis(100);

    private final BlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> consuming = new CompletableFuture<>();
    private final CompletableFuture<String> cancelled = new CompletableFuture<>();

    public Deliveries(Channel channel) {
        super(channel);
    }

    /** Consumes with acknowledgements. */
    public static Deliveries of(Channel channel, String queue) throws IOException {
        return consume(channel, queue, false);
    }

    /** Consumes without acknowledgements. */
    public static Deliveries noAck(Channel channel, String queue) throws IOException {
        return consume(channel, queue, true);
    }

    private static Deliveries consume(Channel channel, String queue, boolean noAck) throws IOException {
        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, noAck, deliveries);
        return deliveries;
    }

    @Override
    public void handleConsumeOk(String tag) {
        super.handleConsumeOk(tag);
        consuming.complete(tag);
    }

    @Override
    public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        arrived.add(new Delivery(envelope, properties, body));
    }

    @Override
    public void handleCancel(String tag) {
        cancelled.complete(tag);
    }

    /** The consumer tag, which the client hands over some time after consuming. */
    public String tag() {
        assertThat(consuming).as("consumer tag").succeedsWithin(PATIENCE);
        return consuming.join();
    }

    /** The tag of the basic.cancel the broker sent, once it did. */
    public CompletableFuture<String> cancelled() {
        return cancelled;
    }

    /** The next delivery, waited for. */
    public Delivery next() {
        Delivery delivery = poll(PATIENCE);
        return delivery != null ? delivery : fail("no delivery within %s", PATIENCE);
    }

    /** The next delivery's body. */
    public String nextBody() {
        return TestBroker.text(next().getBody());
    }

    /** The next delivery's tag. */
    public long nextTag() {
        return next().getEnvelope().getDeliveryTag();
    }

    /** The bodies of the next deliveries. */
    public List<String> nextBodies(int count) {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(nextBody());
        }
        return bodies;
    }

    /** How many have arrived and were not asked for yet. */
    public int waiting() {
        return arrived.size();
    }

    /** Nothing arrives for a while. */
    public void assertNoMore() {
        Delivery delivery = poll(SILENCE);
        assertThat(delivery == null ? null : TestBroker.text(delivery.getBody()))
                .as("delivery")
                .isNull();
    }

    private Delivery poll(Duration patience) {
        try {
            return arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
