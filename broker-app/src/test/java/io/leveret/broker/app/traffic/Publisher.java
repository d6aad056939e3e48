package io.leveret.broker.app.traffic;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes to a lane as fast as confirms or commits come back and the lane's consumers follow. */
final class Publisher extends Thread {
    /** Unconfirmed messages. */
    private static final int WINDOW = 100;

    private static final int MOST_IN_TRANSACTION = 10;
    private static final long NAP_MILLIS = 2;
    private static final long NACK_NAP_MILLIS = 50;
    /** Between messages that stay. */
    private static final int MOST_KEPT_NAP_MILLIS = 20;

    private final Traffic traffic;
    private final Ledger ledger;
    private final Lane lane;
    private final String id;
    private final Connection connection;
    private final Random random;
    private final Semaphore window = new Semaphore(WINDOW);
    private final Semaphore naps = new Semaphore(0);
    private final ConcurrentNavigableMap<Long, NumberedMessage> unconfirmed = new ConcurrentSkipListMap<>();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong nacked = new AtomicLong();
    private volatile boolean ended;
    private int next;
    private long heeded;

    Publisher(Traffic traffic, Ledger ledger, Lane lane, String id, Connection connection, Random random) {
        super("publisher " + id);
        this.traffic = traffic;
        this.ledger = ledger;
        this.lane = lane;
        this.id = id;
        this.connection = connection;
        this.random = random;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            Channel channel = connection.createChannel();
            if (lane.transactional()) {
                channel.txSelect();
                while (!ended) {
                    transaction(channel);
                }
            } else {
                channel.confirmSelect();
                channel.addConfirmListener(
                        (tag, multiple) -> answered(tag, multiple, true),
                        (tag, multiple) -> answered(tag, multiple, false));
                while (!ended) {
                    publish(channel);
                }
            }
        } catch (IOException | ShutdownSignalException e) {
            traffic.failed("publisher " + id, e);
        } catch (InterruptedException e) {
            interrupt();
        }
    }

    private void publish(Channel channel) throws IOException, InterruptedException {
        if (ledger.backlog(lane) >= traffic.mostBacklog() || !window.tryAcquire(NAP_MILLIS, TimeUnit.MILLISECONDS)) {
            naps.tryAcquire(NAP_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        pauseAfterNack();
        if (lane.isKept()) {
            naps.tryAcquire(random.nextInt(MOST_KEPT_NAP_MILLIS), TimeUnit.MILLISECONDS);
        }
        NumberedMessage message = new NumberedMessage(lane, id, next++);
        ledger.publishing(message);
        unconfirmed.put(channel.getNextPublishSeqNo(), message);
        send(channel, message);
    }

    private void answered(long tag, boolean multiple, boolean stored) {
        var answered = multiple ? unconfirmed.headMap(tag, true) : unconfirmed.subMap(tag, true, tag, true);
        int count = 0;
        for (var each = answered.pollFirstEntry(); each != null; each = answered.pollFirstEntry()) {
            count++;
            if (stored) {
                ledger.confirmed(each.getValue());
                confirmed.incrementAndGet();
            } else {
                ledger.refused(each.getValue());
                nacked.incrementAndGet();
            }
        }
        if (count == 0) {
            ledger.violation("publisher " + id + " gets a confirm for " + tag + ", which is not open");
        }
        window.release(count);
    }

    /** A publisher that is refused does not insist. */
    private void pauseAfterNack() throws InterruptedException {
        if (nacked.get() > heeded) {
            heeded = nacked.get();
            naps.tryAcquire(NACK_NAP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void transaction(Channel channel) throws IOException, InterruptedException {
        if (ledger.backlog(lane) >= traffic.mostBacklog()) {
            naps.tryAcquire(NAP_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        List<NumberedMessage> messages = new ArrayList<>();
        for (int count = 1 + random.nextInt(MOST_IN_TRANSACTION); count > 0; count--) {
            NumberedMessage message = new NumberedMessage(lane, id, next++);
            messages.add(message);
            ledger.publishing(message);
            send(channel, message);
        }
        if (random.nextInt(8) == 0) {
            messages.forEach(ledger::rolledBack);
            channel.txRollback();
        } else {
            channel.txCommit();
            messages.forEach(ledger::confirmed);
            confirmed.addAndGet(messages.size());
        }
    }

    private void send(Channel channel, NumberedMessage message) throws IOException {
        byte[] body = message.body();
        try {
            channel.basicPublish(lane.exchange(), lane.routingKey(), message.properties(body), body);
        } catch (AlreadyClosedException e) {
            traffic.failed("publisher " + id, e);
            ended = true;
        }
    }

    /** Asks it to publish no more. */
    void end() {
        ended = true;
    }

    boolean hasAllAnswers() {
        return unconfirmed.isEmpty();
    }

    long confirmedCount() {
        return confirmed.get();
    }

    long nackedCount() {
        return nacked.get();
    }
}
