package io.leveret.broker.consumer;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.util.ArrayList;
import java.util.List;

/** Remembers what a queue handed out to one consumer. */
public final class RecordingTarget implements DeliveryTarget {
    public final List<Message> messages = new ArrayList<>();
    public final List<Long> positions = new ArrayList<>();
    public int cancellations;

    @Override
    public void deliver(Message message, long position) {
        messages.add(message);
        positions.add(position);
    }

    @Override
    public void cancelled() {
        cancellations++;
    }

    public List<String> bodies() {
        return messages.stream().map(Messages::body).toList();
    }
}
