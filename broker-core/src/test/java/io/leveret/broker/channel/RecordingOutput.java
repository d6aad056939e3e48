package io.leveret.broker.channel;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Remembers what a channel told its client. */
final class RecordingOutput implements ChannelOutput {
    /** Everything in the order it was said, one line each. */
    final List<String> log = new ArrayList<>();

    final List<Delivery> deliveries = new ArrayList<>();

    record Delivery(String consumerTag, long deliveryTag, boolean redelivered, String body, Message message) {}

    AmqpError failure;

    @Override
    public int number() {
        return 1;
    }

    @Override
    public void failed(AmqpError error) {
        failure = error;
        log.add("close " + error.replyCode().code());
    }

    @Override
    public void deliver(byte[] consumerTag, long deliveryTag, boolean redelivered, Message message) {
        String tag = new String(consumerTag, 1, consumerTag[0] & 0xFF, StandardCharsets.UTF_8);
        String body = Messages.body(message);
        deliveries.add(new Delivery(tag, deliveryTag, redelivered, body, message));
        log.add("deliver " + deliveryTag + " " + body + " to " + tag + (redelivered ? " again" : ""));
    }

    @Override
    public void returned(Message message) {
        log.add("return " + Messages.body(message));
    }

    @Override
    public void confirmed(long publishTag, boolean multiple) {
        log.add("ack " + publishTag + (multiple ? " multiple" : ""));
    }

    @Override
    public void refused(long publishTag) {
        log.add("nack " + publishTag);
    }

    @Override
    public void consumerCancelled(String consumerTag) {
        log.add("cancel " + consumerTag);
    }

    List<String> bodies() {
        return deliveries.stream().map(Delivery::body).toList();
    }

    Delivery last() {
        return deliveries.get(deliveries.size() - 1);
    }
}
