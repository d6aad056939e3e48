package io.leveret.broker.app.traffic;

import io.leveret.broker.app.traffic.Copy.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was published, confirmed, delivered and settled over several lives of a broker, and what of that contradicts what
 * the broker has promised. Any thread.
 */
public final class Ledger {
    private static final int SHOWN = 30;

    /** How many times as long as the slowest of other things an ack may take. */
    private static final int SLACK = 3;

    /** How a life of the broker, or a stay of its clients, has ended. */
    public enum End {
        /** The process was gone without notice: everything may count as delivered. */
        KILLED,
        /** The process ended in order: it knows what was delivered. */
        STOPPED,
        /** Only the clients have gone, in order. */
        CLIENTS_LEFT
    }

    private final Map<String, QueueRecord> queues = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long violationCount;
    private int life = 1;
    private int processLife = 1;
    private boolean knowsWhatWasDelivered;
    /** How long the disk took at most in this life. */
    private long slowestNanos;
    /** When what is under way began, by pulses. */
    private final Map<String, Long> pulses = new HashMap<>();

    private long slowestOfAllNanos;

    /** A queue that lanes fill. */
    private static final class QueueRecord {
        final String name;
        final boolean takesLetters;
        /** Where its rejected messages go. */
        final @Nullable String letters;

        final Map<String, Map<Integer, Copy>> copies = new HashMap<>();
        int backlog;
        int markedUnseen;
        long confirmed;
        long redelivered;

        QueueRecord(String name, boolean takesLetters, @Nullable String letters) {
            this.name = name;
            this.takesLetters = takesLetters;
            this.letters = letters;
        }

        void add(Copy copy) {
            copies.computeIfAbsent(copy.message.publisher(), publisher -> new HashMap<>())
                    .put(copy.message.number(), copy);
            backlog++;
        }

        @Nullable Copy get(NumberedMessage message) {
            return copies.getOrDefault(message.publisher(), Map.of()).get(message.number());
        }
    }

    public Ledger(List<Lane> lanes) {
        for (Lane lane : lanes) {
            lane.queues().forEach(queue -> queues.put(queue, new QueueRecord(queue, false, lane.letters())));
            if (lane.letters() != null) {
                queues.put(lane.letters(), new QueueRecord(lane.letters(), true, null));
            }
        }
    }

    synchronized int life() {
        return life;
    }

    synchronized void violation(String text) {
        if (violationCount++ < SHOWN) {
            violations.add("life " + life + ": " + text);
        }
    }

    /** What the broker has done against its promises, the first of it in words; empty when nothing. */
    public synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        if (violationCount > SHOWN) {
            all.add("and " + (violationCount - SHOWN) + " more");
        }
        return all;
    }

    synchronized int backlog(Lane lane) {
        return lane.queues().stream()
                .mapToInt(queue -> queues.get(queue).backlog)
                .max()
                .orElse(0);
    }

    /** Before it is sent. */
    synchronized void publishing(NumberedMessage message) {
        message.lane().queues().forEach(queue -> queues.get(queue).add(new Copy(message, life)));
    }

    synchronized void confirmed(NumberedMessage message) {
        note(message, Event.CONFIRMED);
    }

    /** It may be in the queue or not. */
    synchronized void refused(NumberedMessage message) {
        message.lane().queues().forEach(queue -> queues.get(queue).backlog--);
    }

    /** The transaction it was part of was rolled back, or the channel was closed before a commit. */
    synchronized void rolledBack(NumberedMessage message) {
        note(message, Event.ROLLED_BACK);
    }

    private void note(NumberedMessage message, Event event) {
        for (String name : message.lane().queues()) {
            QueueRecord queue = queues.get(name);
            Copy copy = queue.get(message);
            copy.events.add(event);
            if (event == Event.CONFIRMED) {
                queue.confirmed++;
                if (copy.has(Event.REJECTED)) {
                    // it was rejected before it was confirmed: then the letter is what was promised
                    queues.get(message.lane().letters()).get(message).events.add(event);
                }
            } else {
                queue.backlog--;
            }
        }
    }

    /** A consumer that was opened in a life has got a message; what comes after the end of that life counts no more. */
    synchronized void delivered(
            String queueName, int consumerLife, DeliveryOrder order, NumberedMessage message, boolean redelivered) {
        if (consumerLife != life) {
            return;
        }
        QueueRecord queue = queues.get(queueName);
        Copy copy = queue.get(message);
        if (copy == null) {
            violation(queueName + " delivers " + message + ", which was not published to it");
            return;
        }
        if (copy.has(Event.ROLLED_BACK)) {
            violation(queueName + " delivers " + message + ", which was rolled back");
        }
        if (!message.isPersistent() && copy.bornIn < processLife) {
            violation(queueName + " delivers " + message + ", which is transient and of life " + copy.bornIn);
        }
        if (redelivered) {
            queue.redelivered++;
        }
        if (!queue.takesLetters) {
            checkDelivery(queue, copy, order, redelivered);
        }
        copy.deliveries++;
        copy.deliveredIn = life;
        copy.unacked = true;
    }

    private void checkDelivery(QueueRecord queue, Copy copy, DeliveryOrder order, boolean redelivered) {
        NumberedMessage message = copy.message;
        if (copy.has(Event.OVER)) {
            violation(queue.name + " delivers " + message + " again, which was settled in life " + copy.settledIn + ", "
                    + Duration.ofNanos(copy.settledBeforeEnd).toMillis() + " ms before its end");
        }
        if (copy.deliveries > 0 && !redelivered) {
            violation(queue.name + " delivers " + message + " again without saying so; settled: "
                    + copy.has(Event.SETTLED) + ", last delivered in life " + copy.deliveredIn);
        }
        if (copy.deliveries == 0 && redelivered) {
            if (copy.bornIn == life) {
                violation(queue.name + " delivers " + message + " for the first time and calls it redelivered");
            } else if (knowsWhatWasDelivered) {
                queue.markedUnseen++;
            }
        }
        if (copy.deliveredIn == life) {
            if (copy.unacked) {
                violation(queue.name + " delivers " + message + " twice, not being acked or requeued");
            }
        } else {
            String before = order.follows(message);
            if (before != null) {
                violation(queue.name + " delivers " + message + " after " + before);
            }
        }
    }

    /** Before an ack or a reject of it is sent. */
    synchronized void settling(String queueName, NumberedMessage message, boolean reject) {
        QueueRecord queue = queues.get(queueName);
        Copy copy = queue.get(message);
        if (copy == null) {
            return;
        }
        if (copy.has(Event.SETTLED)) {
            copy.events.add(Event.SETTLED_BEFORE);
        } else {
            queue.backlog--;
        }
        copy.unacked = false;
        copy.events.add(Event.SETTLED);
        copy.settledIn = life;
        copy.settledNanos = Long.MAX_VALUE;
        if (reject) {
            copy.events.add(Event.REJECTED);
            QueueRecord letters = queues.get(message.lane().letters());
            Copy letter = letters.get(message);
            if (letter == null) {
                letter = new Copy(message, life);
                letters.add(letter);
            }
            if (copy.has(Event.CONFIRMED)) {
                letter.events.add(Event.CONFIRMED);
            }
        }
    }

    /** The ack or reject of it was handed to the socket. */
    synchronized void settled(String queueName, int consumerLife, NumberedMessage message) {
        Copy copy = queues.get(queueName).get(message);
        if (copy != null && consumerLife == life) {
            copy.settledNanos = System.nanoTime();
        }
    }

    /** The ack or reject of it was not sent after all. */
    synchronized void unsent(String queueName, NumberedMessage message) {
        QueueRecord queue = queues.get(queueName);
        Copy copy = queue.get(message);
        if (copy != null && !copy.has(Event.SETTLED_BEFORE) && copy.events.remove(Event.SETTLED)) {
            copy.events.remove(Event.REJECTED);
            queue.backlog++;
        }
    }

    /** Before it is given back. */
    synchronized void requeued(String queueName, NumberedMessage message) {
        Copy copy = queues.get(queueName).get(message);
        if (copy != null) {
            copy.unacked = false;
        }
    }

    /**
     * The broker, or its clients' stay, has ended.
     *
     * @param nanos when it began to end
     * @param window how long before that an ack must have been sent to be on disk for sure, at least; where the disk has
     *     taken long for other things, it may have for acks
     */
    public synchronized void endLife(End end, long nanos, Duration window) {
        List.copyOf(pulses.keySet()).forEach(pulse -> pulsed(pulse, nanos));
        long sentBefore = nanos - Math.max(window.toNanos(), SLACK * slowestNanos);
        slowestOfAllNanos = Math.max(slowestOfAllNanos, slowestNanos);
        slowestNanos = 0;
        for (QueueRecord queue : queues.values()) {
            for (Map<Integer, Copy> ofOne : queue.copies.values()) {
                for (Copy copy : ofOne.values()) {
                    copy.unacked = false;
                    if (copy.settledIn == life && isSure(copy, end, sentBefore)) {
                        copy.events.add(Event.OVER);
                        copy.settledBeforeEnd = nanos - copy.settledNanos;
                    }
                }
            }
        }
        life++;
        if (end != End.CLIENTS_LEFT) {
            processLife = life;
            knowsWhatWasDelivered = end == End.STOPPED;
        }
    }

    /** Something is sent to the disk. */
    synchronized void pulsing(String pulse, long nanos) {
        pulses.put(pulse, nanos);
    }

    /** It is there. */
    synchronized void pulsed(String pulse, long nanos) {
        Long began = pulses.remove(pulse);
        if (began != null) {
            slowestNanos = Math.max(slowestNanos, nanos - began);
        }
    }

    private static boolean isSure(Copy copy, End end, long sentBefore) {
        return copy.settledNanos != Long.MAX_VALUE && (end == End.CLIENTS_LEFT || copy.settledNanos < sentBefore);
    }

    /** Compares what a broker that has just started says is in its queues with what has to be there. */
    public synchronized void checkCounts(Map<String, Integer> ready) {
        Map<String, Long> owed = new HashMap<>();
        Map<String, Long> most = new HashMap<>();
        Map<String, String> first = new HashMap<>();
        for (QueueRecord queue : queues.values()) {
            queue.backlog = ready.get(queue.name);
            for (Map<Integer, Copy> ofOne : queue.copies.values()) {
                for (Copy copy : ofOne.values()) {
                    // A reject may not have arrived, or the letter may be where the message was.
                    String lane = copy.message.lane().name();
                    if (copy.isOwed()) {
                        owed.merge(queue.takesLetters ? lane : queue.name, 1L, Long::sum);
                        first.putIfAbsent(queue.takesLetters ? lane : queue.name, copy.message.toString());
                    }
                    if (!copy.has(Event.OVER) && !copy.has(Event.ROLLED_BACK)) {
                        most.merge(queue.name, 1L, Long::sum);
                    }
                }
            }
        }
        for (QueueRecord queue : queues.values()) {
            if (!queue.takesLetters) {
                long there = ready.get(queue.name) + (queue.letters == null ? 0 : ready.get(queue.letters));
                long least = owed.getOrDefault(queue.name, 0L);
                if (there < least) {
                    violation(queue.name + " and its letters hold " + there + " messages, but " + least
                            + " are confirmed and not settled, such as " + first.get(queue.name));
                }
                long limit = most.getOrDefault(queue.name, 0L);
                if (ready.get(queue.name) > limit) {
                    violation(queue.name + " holds " + ready.get(queue.name) + " messages, but only " + limit
                            + " can be left");
                }
            }
        }
    }

    /** After everything was consumed and acked: finds what never came. */
    public synchronized void checkNothingMissing() {
        for (QueueRecord queue : queues.values()) {
            List<String> missing = new ArrayList<>();
            for (Map<Integer, Copy> ofOne : queue.copies.values()) {
                for (Copy copy : ofOne.values()) {
                    if (copy.isOwed() && !settledAtSource(queue, copy)) {
                        missing.add(copy.message + " of life " + copy.bornIn);
                    }
                }
            }
            if (!missing.isEmpty()) {
                violation(queue.name + " has lost " + missing.size() + " confirmed messages: "
                        + missing.subList(0, Math.min(5, missing.size())));
            }
        }
    }

    /** A message came back to where it had been rejected, and was acked there: no letter is owed. */
    private boolean settledAtSource(QueueRecord queue, Copy letter) {
        if (!queue.takesLetters) {
            return false;
        }
        Copy source = queues.get(letter.message.lane().name()).get(letter.message);
        return source.has(Event.SETTLED) && !source.has(Event.REJECTED);
    }

    /** How many messages a queue called redelivered, after an orderly end of the broker, that no client had seen. */
    public synchronized int markedUnseen(String queue) {
        return queues.get(queue).markedUnseen;
    }

    /** How many messages were confirmed, of all queues. */
    public synchronized long confirmed() {
        return queues.values().stream().mapToLong(queue -> queue.confirmed).sum();
    }

    /** How much has happened, in words. */
    public synchronized String summary() {
        long settled = 0;
        long over = 0;
        for (QueueRecord queue : queues.values()) {
            for (Map<Integer, Copy> ofOne : queue.copies.values()) {
                for (Copy copy : ofOne.values()) {
                    settled += copy.has(Event.SETTLED) ? 1 : 0;
                    over += copy.has(Event.OVER) ? 1 : 0;
                }
            }
        }
        long redelivered =
                queues.values().stream().mapToLong(queue -> queue.redelivered).sum();
        return life + " lives, " + confirmed() + " messages confirmed, " + settled + " settled (" + over
                + " for sure), " + redelivered + " redeliveries, slowest disk "
                + Duration.ofNanos(slowestOfAllNanos).toMillis() + " ms";
    }
}
