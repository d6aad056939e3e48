package io.leveret.broker.limit;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The alarms as the connections of one loop see them, and which of these connections are blocked. Owned by that loop, so that
 * asking whether an alarm is on costs no more than reading a field.
 */
public final class LoopAlarms {
    private final Alarms alarms;
    private final long bytesBetweenLooks;
    private final Set<BlockedPublisher> blocked = new LinkedHashSet<>();
    private int inEffect;
    private long bytesToNextLook;

    /** @param bytesBetweenLooks after how much that is read from clients the memory is looked at */
    LoopAlarms(Alarms alarms, long bytesBetweenLooks) {
        this.alarms = alarms;
        this.bytesBetweenLooks = bytesBetweenLooks;
        this.bytesToNextLook = bytesBetweenLooks;
    }

    /** Whether any alarm is on. */
    public boolean isAnyOn() {
        return inEffect != 0;
    }

    /** What clients are told, in RabbitMQ's words: {@code low on disk & memory}. */
    public String reason() {
        StringBuilder reason = new StringBuilder("low on ");
        String separator = "";
        for (Alarm alarm : Alarm.values()) {
            if ((inEffect & alarm.bit()) != 0) {
                reason.append(separator).append(alarm.resource());
                separator = " & ";
            }
        }
        return reason.toString();
    }

    /** Remembers whom to tell when no alarm is on any more. */
    public void block(BlockedPublisher publisher) {
        blocked.add(publisher);
    }

    /** Forgets one that is gone. */
    public void forget(BlockedPublisher publisher) {
        blocked.remove(publisher);
    }

    /** Takes note of bytes read from a client. */
    public void onRead(int bytes) {
        bytesToNextLook -= bytes;
        if (bytesToNextLook < 0) {
            bytesToNextLook = bytesBetweenLooks;
            alarms.lookAtMemorySoon();
        }
    }

    /** Goes by the present state. */
    void onChange(int now) {
        inEffect = now;
        if (now == 0 && !blocked.isEmpty()) {
            List<BlockedPublisher> released = List.copyOf(blocked);
            blocked.clear();
            released.forEach(BlockedPublisher::onAlarmsCleared);
        }
    }
}
