package io.leveret.broker.app.traffic;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what it gets and acks it, one by one or many at once; rejects what its lane rejects, requeues some at random. */
final class AckingConsumer extends DefaultConsumer {
    static final int PREFETCH = 60;
    private static final int MANY = 10;

    private final Ledger ledger;
    private final Lane lane;
    private final String queue;
    private final boolean takesLetters;
    private final int life;
    private final boolean ackMany;
    private final @Nullable Random requeues;
    private final DeliveryOrder order = new DeliveryOrder();
    private final List<NumberedMessage> unacked = new ArrayList<>();
    private final Set<NumberedMessage> requeued = new HashSet<>();
    private volatile boolean silent;

    /** @param requeues decides what is requeued, null for nothing */
    AckingConsumer(
            Channel channel, Ledger ledger, Lane lane, String queue, boolean ackMany, @Nullable Random requeues) {
        super(channel);
        this.ledger = ledger;
        this.lane = lane;
        this.queue = queue;
        this.takesLetters = queue.equals(lane.letters());
        this.life = ledger.life();
        this.ackMany = ackMany;
        this.requeues = requeues;
    }

    /** Begins to consume. */
    String start() throws IOException {
        getChannel().basicQos(PREFETCH);
        return getChannel().basicConsume(queue, false, this);
    }

    /** From now on it says nothing to what it gets. */
    void fallSilent() {
        silent = true;
    }

    @Override
    public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
            throws IOException {
        if (silent) {
            return;
        }
        NumberedMessage message = NumberedMessage.of(lane, properties);
        if (message == null) {
            ledger.violation(queue + " delivers a message that nobody published: " + properties);
            return;
        }
        String damage = message.damage(properties, body, takesLetters);
        if (damage != null) {
            ledger.violation(queue + " delivers " + message + " with " + damage);
        }
        ledger.delivered(queue, life, order, message, envelope.isRedeliver());
        answer(envelope.getDeliveryTag(), message);
    }

    private void answer(long deliveryTag, NumberedMessage message) throws IOException {
        if (requeues != null && requeues.nextInt(25) == 0 && requeued.add(message)) {
            ledger.requeued(queue, message);
            send(() -> getChannel().basicNack(deliveryTag, false, true));
        } else if (!takesLetters && lane.rejects(message)) {
            settle(List.of(message), true, () -> getChannel().basicReject(deliveryTag, false));
        } else {
            unacked.add(message);
            if (!ackMany || unacked.size() >= MANY) {
                settle(unacked, false, () -> getChannel().basicAck(deliveryTag, ackMany));
                unacked.clear();
            }
        }
    }

    private void settle(List<NumberedMessage> messages, boolean reject, Sending sending) throws IOException {
        messages.forEach(each -> ledger.settling(queue, each, reject));
        if (send(sending)) {
            messages.forEach(each -> ledger.settled(queue, life, each));
        } else {
            messages.forEach(each -> ledger.unsent(queue, each));
        }
    }

    /** Whether the channel was still open. */
    private boolean send(Sending sending) throws IOException {
        try {
            sending.send();
            return true;
        } catch (AlreadyClosedException e) {
            silent = true;
            return false;
        }
    }

    private interface Sending {
        void send() throws IOException;
    }
}
