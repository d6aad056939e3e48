package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;

/** What a queue had when the broker stopped, in the order of its places. */
public final class RecoveredEntries {
    private final List<Message> messages = new ArrayList<>();

    void add(Message message) {
        messages.add(message);
    }

    public List<Message> messages() {
        return messages;
    }
}
